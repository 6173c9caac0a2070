using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Interrupts;

/// <summary>A number of an interrupt, and who is called for it (<c>struct irq_desc</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class InterruptLine
{
    private readonly CrashedKernel _kernel;

    internal InterruptLine(CrashedKernel kernel, KernelObject line) => (_kernel, Object) = (kernel, line);

    /// <summary>The <c>struct irq_desc</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its number.</summary>
    public ulong? Number => Object.Number("irq_data.irq");

    /// <summary>The number that the hardware has for it.</summary>
    public ulong? HardwareNumber => Object.Number("irq_data.hwirq");

    /// <summary>The chip that takes it: <c>IO-APIC</c>, <c>PCI-MSI</c>.</summary>
    public string? Chip => Object.TextOf("irq_data.chip.name", 64);

    /// <summary>How it is answered, by a word: <c>edge</c>, <c>fasteoi</c>; empty when it has none.</summary>
    public string? Flow => Object.AddressIn("name") is { Value: 0 } ? "" : Object.TextOf("name", 64);

    /// <summary>How many times it was switched off and not on again.</summary>
    public ulong? Disabled => Object.Number("depth");

    /// <summary>What is called when it comes.</summary>
    public KernelWalk<InterruptAction> Actions => Object.Follow("action") is { } first
        ? LinkedLists.Following(first, "next", _kernel.MaxLinked).Select(action => new InterruptAction(action))
        : new KernelWalk<InterruptAction>(0, static _ => []);

    /// <summary>How often it came to a CPU; null when that cannot be read.</summary>
    public ulong? CountOn(int cpu)
    {
        // A counter, and since 6.11 a structure that begins with one.
        if (Object.AddressIn("kstat_irqs") is not { Value: not 0 } counters || _kernel.PerCpuOffset(cpu) is not { } offset)
        {
            return null;
        }

        return _kernel.At("unsigned int", counters + offset)?.Unsigned;
    }
}
