namespace Lifeboat.Drill.Guests;

/// <summary>A line of a guest's serial console.</summary>
/// <param name="At">When it came, since the guest was started.</param>
/// <param name="Text">The line, control characters removed.</param>
public sealed record ConsoleLine(TimeSpan At, string Text);
