namespace Lifeboat.Symbols.Unwinding;

/// <summary>A stack, from the innermost frame outwards.</summary>
/// <param name="Frames">The frames; may be empty.</param>
/// <param name="End">Why there are no more.</param>
/// <param name="UserRegisters">The registers of user mode, when it was reached.</param>
public sealed record StackTrace(IReadOnlyList<StackFrame> Frames, StackEnd End, X64Registers? UserRegisters);
