using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Interrupts;

/// <summary>What is called when an interrupt comes (<c>struct irqaction</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class InterruptAction
{
    internal InterruptAction(KernelObject action) => Object = action;

    /// <summary>The <c>struct irqaction</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The driver's name for it.</summary>
    public string? Name => Object.TextOf("name", 64);

    /// <summary>The function.</summary>
    public VirtualAddress? Handler => Object.AddressIn("handler");

    /// <summary>The function that a thread calls then; zero for none.</summary>
    public VirtualAddress? ThreadFunction => Object.AddressIn("thread_fn");
}
