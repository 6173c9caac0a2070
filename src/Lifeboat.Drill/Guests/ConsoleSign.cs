namespace Lifeboat.Drill.Guests;

/// <summary>What a line of the guest's console says about the drill.</summary>
/// <param name="Kind">What kind of thing it says.</param>
/// <param name="Stage">The stage it tells of, for a stage that was reached.</param>
/// <param name="Text">The detail or the reason.</param>
internal readonly record struct ConsoleSign(ConsoleSignKind Kind, DrillStage Stage, string Text)
{
    private const string PurgatoryPrefix = "lifeboat purgatory: ";
    private const string PanicSign = "Kernel panic - not syncing: ";

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="panicExpected">Whether the next thing to come is the panic that the drill causes.</param>
    public static ConsoleSign Read(string line, bool panicExpected)
    {
        if (After(line, Inside.GuestMilestones.Prefix) is { } guest)
        {
            return ReadGuest(guest);
        }

        if (After(line, PurgatoryPrefix) is { } purgatory)
        {
            return purgatory.Contains("mismatch", StringComparison.Ordinal)
                ? new(ConsoleSignKind.Failed, DrillStage.Purgatory, "purgatory: " + purgatory)
                : new(ConsoleSignKind.Reached, DrillStage.Purgatory, "");
        }

        if (Capture.CaptureMilestones.TryParse(line, out Capture.CaptureMilestoneLine capture))
        {
            return ReadCapture(capture);
        }

        // An oops starts the capture kernel before the kernel says panic.
        if (panicExpected && OopsOf(line) is { } oops)
        {
            return new(ConsoleSignKind.Reached, DrillStage.Panic, oops);
        }

        if (After(line, PanicSign) is { } panic)
        {
            return panicExpected
                ? new(ConsoleSignKind.Reached, DrillStage.Panic, panic)
                : new(ConsoleSignKind.Failed, default, $"the kernel panicked: {panic}");
        }

        // A capture's progress shows that it lives, though it is no milestone.
        return After(line, Capture.CaptureMilestones.Prefix) is { } progress
            ? new(ConsoleSignKind.Alive, default, progress)
            : default;
    }

    private static string? OopsOf(string line)
    {
        foreach (string sign in (ReadOnlySpan<string>)
            ["BUG: kernel NULL pointer dereference", "Oops: general protection fault", "general protection fault", "kernel BUG at ", "Oops: divide error", "divide error: "])
        {
            int start = line.IndexOf(sign, StringComparison.Ordinal);
            if (start >= 0)
            {
                return line[start..].Trim();
            }
        }

        return null;
    }

    private static ConsoleSign ReadGuest(string text)
    {
        (string Word, DrillStage Stage)[] stages =
        [
            (Inside.GuestMilestones.Up, DrillStage.Boot),
            (Inside.GuestMilestones.Armed, DrillStage.Arm),
            (Inside.GuestMilestones.WorkloadReady, DrillStage.Workload),
        ];
        foreach ((string word, DrillStage stage) in stages)
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
            {
                return new(ConsoleSignKind.Reached, stage, text[word.Length..].Trim());
            }
        }

        return After(text, Inside.GuestMilestones.Failed) is { } reason
            ? new(ConsoleSignKind.Failed, default, reason)
            : text.StartsWith(Inside.GuestMilestones.Waiting, StringComparison.Ordinal)
                ? new(ConsoleSignKind.Waiting, default, text[Inside.GuestMilestones.Waiting.Length..].Trim())
                : new(ConsoleSignKind.Alive, default, text);
    }

    private static ConsoleSign ReadCapture(Capture.CaptureMilestoneLine line) => line.Milestone switch
    {
        Capture.CaptureMilestone.InitUp => new(ConsoleSignKind.Reached, DrillStage.CaptureUp, line.Detail),
        Capture.CaptureMilestone.ModulesLoaded => new(ConsoleSignKind.Reached, DrillStage.ModulesLoaded, line.Detail),
        Capture.CaptureMilestone.TargetReady => new(ConsoleSignKind.Reached, DrillStage.TargetReady, line.Detail),
        Capture.CaptureMilestone.LogDurable => new(ConsoleSignKind.Reached, DrillStage.LogSaved, line.Detail),
        Capture.CaptureMilestone.DumpDurable => new(ConsoleSignKind.Reached, DrillStage.DumpSaved, line.Detail),
        Capture.CaptureMilestone.ManifestDurable => new(ConsoleSignKind.Reached, DrillStage.ManifestSaved, line.Detail),
        Capture.CaptureMilestone.Failed => new(ConsoleSignKind.CaptureFailed, default, line.Detail),
        Capture.CaptureMilestone.FinalAction => new(ConsoleSignKind.Ending, DrillStage.FinalAction, line.Detail),
        _ => new(ConsoleSignKind.Alive, default, line.Detail),
    };

    private static string? After(string line, string prefix)
    {
        int start = line.IndexOf(prefix, StringComparison.Ordinal);
        return start < 0 ? null : line[(start + prefix.Length)..].Trim();
    }
}
