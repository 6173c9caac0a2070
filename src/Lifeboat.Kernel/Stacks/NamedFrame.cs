using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Kernel.Stacks;

/// <summary>A frame of a stack with the name of the place it is at.</summary>
/// <param name="Name">The place.</param>
/// <param name="Frame">The frame.</param>
public sealed record NamedFrame(FrameName Name, StackFrame Frame)
{
    /// <summary>As the kernel writes it, with <c>?</c> before a guess: <c>schedule+0x5a/0xd0</c>.</summary>
    public override string ToString() => Frame.IsGuess ? $"? {Name}" : Name.ToString();
}
