using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Interrupts;

/// <summary>A kind of work that interrupts leave for later (softirq).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class SoftInterrupt
{
    private const int MaxKinds = 32; // bits of the word that says which wait

    private readonly CrashedKernel _kernel;

    private SoftInterrupt(CrashedKernel kernel, int number) => (_kernel, Number) = (kernel, number);

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Its name: <c>TIMER</c>, <c>NET_RX</c>.</summary>
    public string? Name => Place("softirq_to_name", "char *")?.Text(16);

    /// <summary>What is called for it; null address when nothing is.</summary>
    public VirtualAddress? Action => Place("softirq_vec", "struct softirq_action")?.AddressIn("action");

    /// <summary>How often a CPU did it; null when that cannot be read.</summary>
    public ulong? CountOn(int cpu) =>
        _kernel.TryFindPerCpu("kstat", cpu, out KernelObject? counts) && counts.TryGet("softirqs", out KernelObject? kinds)
        && kinds.Type.ElementCount > Number ? kinds[Number].Unsigned : null;

    internal static IReadOnlyList<SoftInterrupt> All(CrashedKernel kernel)
    {
        var all = new List<SoftInterrupt>();
        long count = kernel.Types.TryFind("struct kernel_stat", out KernelType? type)
            && type.TryFindMember("softirqs", out KernelMember? kinds) ? Math.Min(MaxKinds, kinds.Type.ElementCount) : 0;
        for (int number = 0; number < count; number++)
        {
            all.Add(new SoftInterrupt(kernel, number));
        }

        return all;
    }

    private KernelObject? Place(string table, string type) => _kernel.Global(table, type) is { } first
        ? first.At(first.Type, first.Address + new ByteCount((ulong)Number * first.Type.Size.Value)) : null;
}
