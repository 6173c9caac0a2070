namespace Lifeboat.Symbols.Unwinding;

/// <summary>The end of a stack.</summary>
/// <param name="Reason">Why it goes no further.</param>
/// <param name="Text">The same for a person, with the place.</param>
public sealed record StackEnd(StackEndReason Reason, string Text)
{
    /// <summary>Whether it is where a whole stack ends.</summary>
    public bool IsWhole => Reason is StackEndReason.UserMode or StackEndReason.EndOfStack;
}
