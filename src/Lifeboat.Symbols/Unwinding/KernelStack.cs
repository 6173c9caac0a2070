using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>A stretch of memory that is a kernel stack.</summary>
/// <param name="Name">For a person: <c>task</c>, <c>IRQ of CPU 1</c>, <c>NMI of CPU 0</c>.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Start">Its lowest byte; it grows down towards it.</param>
/// <param name="Size">Its bytes.</param>
public sealed record KernelStack(string Name, KernelStackKind Kind, VirtualAddress Start, ByteCount Size)
{
    /// <summary>The first byte above it.</summary>
    public VirtualAddress End => Start + Size;

    /// <summary>Whether a stack pointer is within it; its end is, where the stack is empty.</summary>
    public bool Holds(VirtualAddress stackPointer) =>
        stackPointer.Value >= Start.Value && stackPointer.Value - Start.Value <= Size.Value;
}
