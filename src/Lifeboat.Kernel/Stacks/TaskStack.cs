using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Kernel.Stacks;

/// <summary>Where a task was in the kernel: the calls that led there, the innermost first.</summary>
/// <param name="Frames">The frames.</param>
/// <param name="End">Why there are no more.</param>
/// <param name="Cpu">The CPU that ran the task; null for one that was not running, whose stack begins where it stopped.</param>
/// <param name="UserRegisters">What the registers were in the program; null when the way does not lead there.</param>
public sealed record TaskStack(IReadOnlyList<NamedFrame> Frames, StackEnd End, int? Cpu, X64Registers? UserRegisters);
