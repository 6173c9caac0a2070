using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Kernel.Processors;

/// <summary>Each CPU's own copies of per-CPU variables: a variable's address plus the CPU's offset.</summary>
internal sealed class PerCpuData(CrashedKernel kernel, Btf types)
{
    private const int MaxCpus = 8192; // the most that x86-64 and arm64 can be built for

    // Older tools gave a kernel's BTF no variables.
    private static readonly Dictionary<string, string> KnownTypes = new(StringComparer.Ordinal)
    {
        ["runqueues"] = "struct rq",
        ["softnet_data"] = "struct softnet_data",
        ["timer_bases"] = "struct timer_base",
        ["hrtimer_bases"] = "struct hrtimer_cpu_base",
        ["kstat"] = "struct kernel_stat",
        ["kernel_cpustat"] = "struct kernel_cpustat",
        ["hardirq_stack_ptr"] = "void *",
        ["cpu_info"] = "struct cpuinfo_x86",
    };

    private IReadOnlyList<int>? _cpus;
    private IReadOnlyList<int>? _online;
    private KernelObject? _offsets;

    /// <summary>The CPUs for which there are copies: the possible ones.</summary>
    internal IReadOnlyList<int> Cpus => _cpus ??= ReadCpus("__cpu_possible_mask");

    /// <summary>Those of them that were running.</summary>
    internal IReadOnlyList<int> Online => _online ??= ReadCpus("__cpu_online_mask");

    internal bool TryFind(string name, int cpu, [NotNullWhen(true)] out KernelObject? value)
    {
        value = TryFindType(name, out KernelType? type) && OffsetOf(cpu) is { } offset
            && kernel.Symbols.TryFindAddress(name, out VirtualAddress address)
            ? kernel.Object(type, address + offset) : null;
        return value is not null;
    }

    internal bool TryFindType(string name, [NotNullWhen(true)] out KernelType? type)
    {
        type = name.Length == 0 ? null : TypeOf(name);
        return type is not null;
    }

    /// <summary>What to add to the address of a per-CPU variable, or to a per-CPU pointer; null when it cannot be read.</summary>
    internal ByteCount? OffsetOf(int cpu)
    {
        if (cpu is < 0 or >= MaxCpus)
        {
            return null;
        }

        if (_offsets is null && !kernel.TryFindGlobal("__per_cpu_offset", "unsigned long", out _offsets))
        {
            // A kernel for one CPU has no offsets.
            return cpu == 0 ? ByteCount.Zero : null;
        }

        return _offsets.At(_offsets.Type, _offsets.Address + new ByteCount((ulong)cpu * 8)).Unsigned is { } offset
            ? new ByteCount(offset) : null;
    }

    private KernelType? TypeOf(string name) => types.TryFind(name, BtfKind.Variable, out BtfType? variable)
        ? new KernelType(kernel.Types, types, types.TypeById(variable.TargetId))
        : KnownTypes.TryGetValue(name, out string? known) && kernel.Types.TryFind(known, out KernelType? type) ? type : null;

    private List<int> ReadCpus(string mask)
    {
        var cpus = new List<int>();
        if (kernel.TryFindGlobal(mask, "struct cpumask", out KernelObject? bits))
        {
            byte[] bytes = new byte[(int)Math.Min(bits.Type.Size.Value, MaxCpus / 8)];
            int read = bits.Read(bytes, out _);
            for (int cpu = 0; cpu < read * 8; cpu++)
            {
                if ((bytes[cpu >> 3] & (1 << (cpu & 7))) != 0)
                {
                    cpus.Add(cpu);
                }
            }
        }

        return cpus;
    }
}
