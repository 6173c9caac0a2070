using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel.Memory;

/// <summary>Finds whose copy of which per-CPU variable an address is.</summary>
internal sealed class PerCpuNames(CrashedKernel kernel)
{
    private const ulong MostBytes = 64UL << 20;

    private ulong? _size;

    /// <summary>The CPU, and the variable when it is of the image; false outside of the CPUs' first area.</summary>
    internal bool TryFind(VirtualAddress address, out int cpu, out SymbolPlace? place)
    {
        (cpu, place) = (-1, null);
        if (!kernel.Symbols.TryFindAddress("__per_cpu_start", out VirtualAddress start) || (_size ??= ReadSize(start)) is not (> 0 and var bytes))
        {
            return false;
        }

        foreach (int candidate in kernel.Cpus)
        {
            if (kernel.PerCpuOffset(candidate) is { } offset && unchecked(address.Value - offset.Value - start.Value) < bytes)
            {
                cpu = candidate;
                place = FindVariable(new VirtualAddress(unchecked(address.Value - offset.Value)));
                return true;
            }
        }

        return false;
    }

    /// <summary>What a CPU has: the image's variables, then the first chunk of those that come later. What was behind it was given back.</summary>
    private ulong ReadSize(VirtualAddress start)
    {
        ulong variables = kernel.Symbols.TryFindAddress("__per_cpu_end", out VirtualAddress end) ? unchecked(end.Value - start.Value) : 0;
        ulong? all = kernel.TryFindGlobal("pcpu_first_chunk", "struct pcpu_chunk *", out KernelObject? chunk)
            && kernel.TryFindGlobal("pcpu_base_addr", "void *", out KernelObject? first)
            ? unchecked(chunk["base_addr"].Unsigned - first.Unsigned + (chunk["nr_pages"].Unsigned * Pfn.PageSize)) : null;
        return all is > 0 and <= MostBytes ? all.Value : variables <= MostBytes ? variables : 0;
    }

    // Their addresses count from zero in most kernels, and stand before all others in the table.
    private SymbolPlace? FindVariable(VirtualAddress variable)
    {
        if (!kernel.Symbols.TryFindAddress("__per_cpu_end", out VirtualAddress end) || variable.Value >= end.Value)
        {
            return null;
        }

        (int low, int high) = (0, kernel.Symbols.Count);
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (!kernel.Symbols.TryGetAddress(middle, out VirtualAddress address))
            {
                return null;
            }

            (low, high) = address.Value <= variable.Value ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && kernel.Symbols.TryGet(low - 1, out KernelSymbol? symbol)
            ? new SymbolPlace(symbol, new ByteCount(unchecked(variable.Value - symbol.Address.Value)), null) : null;
    }
}
