namespace Lifeboat.Kexec.Status;

/// <summary>One kind of trouble, and where it leads as the machine is set now.</summary>
/// <param name="Name">A short name that does not change: <c>soft-lockup</c>.</param>
/// <param name="Trouble">The trouble in words, with the time after which it counts as such.</param>
/// <param name="Outcome">What becomes of the machine.</param>
/// <param name="Reason">The settings that decide, as they are.</param>
/// <param name="Change">What to set for a capture; null when it is captured, or no setting helps.</param>
public sealed record PanicRoadRow(string Name, string Trouble, PanicOutcome Outcome, string Reason, string? Change)
{
    /// <summary>
    /// Whether a machine is not to be trusted after it. What a sound machine lives with (a warning, a process killed for
    /// want of memory) is no gap when it is not captured.
    /// </summary>
    public bool IsGrave { get; init; } = true;

    /// <summary>Whether something grave would leave no dump.</summary>
    public bool IsGap => IsGrave && Outcome != PanicOutcome.Captured;
}
