using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>A place in the code that a stack leads through.</summary>
/// <param name="InstructionPointer">
/// The instruction that comes next: the one after a call, or the one that was interrupted.
/// </param>
/// <param name="StackPointer">RSP at that place.</param>
public sealed record StackFrame(VirtualAddress InstructionPointer, VirtualAddress StackPointer)
{
    /// <summary>Whether the code was interrupted at exactly this instruction, rather than calling.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>How it was guessed. Frames above a guess are as good as it is.</summary>
    public FrameGuess Guess { get; init; }

    /// <summary>Whether it was guessed.</summary>
    public bool IsGuess => Guess != FrameGuess.None;

    /// <summary>
    /// The registers of the interrupted code as far as they were saved; of the first frame those that one began with;
    /// null otherwise.
    /// </summary>
    public X64Registers? Registers { get; init; }

    /// <summary>The stack that <see cref="StackPointer"/> is on; null when it is on none of those given.</summary>
    public KernelStack? Stack { get; init; }

    /// <summary>What the kernel had put in the place of the return address to this frame.</summary>
    public ReturnTrampoline Trampoline { get; init; }

    /// <summary>
    /// Whether the true return address was found behind the trampoline; otherwise
    /// <see cref="InstructionPointer"/> is the trampoline's.
    /// </summary>
    public bool IsRecovered { get; init; }

    /// <summary>
    /// The address to look up: the instruction itself when it was interrupted or is a trampoline's first, otherwise the
    /// last byte of the call, since the call may be the last thing in its function.
    /// </summary>
    public VirtualAddress LookupAddress =>
        IsInterrupted || IsTrampoline ? InstructionPointer : InstructionPointer - new ByteCount(1);

    /// <summary>Whether it is a trampoline itself, since the true return address was not found.</summary>
    internal bool IsTrampoline => Trampoline != ReturnTrampoline.None && !IsRecovered;
}
