using System.Globalization;

namespace Lifeboat.Capture;

/// <summary>
/// The lines that a capture writes to its console. They are an interface: rehearsals and people's scripts read them
/// from serial consoles.
/// </summary>
/// <remarks>
/// <code>
/// lifeboat: capture: [2.345678] log durable: dmesg.txt, 63127 bytes
/// lifeboat: capture: [2.401122] note: ...
/// </code>
/// The time is in seconds since the capture kernel's boot. A line that is no milestone has another word after the time
/// (<c>note</c>, <c>progress</c>).
/// </remarks>
public static class CaptureMilestones
{
    /// <summary>What every line begins with.</summary>
    public const string Prefix = "lifeboat: capture: ";

    /// <summary>The word of a line that only informs.</summary>
    public const string Note = "note";

    /// <summary>The word of a line that tells how far the dump has come.</summary>
    public const string Progress = "progress";

    // A hundred years: what is more was not written by a capture.
    private const decimal MaxSeconds = 3_155_760_000;

    /// <summary>The words that stand for a milestone.</summary>
    public static string NameOf(CaptureMilestone milestone) => milestone switch
    {
        CaptureMilestone.InitUp => "init up",
        CaptureMilestone.ModulesLoaded => "modules loaded",
        CaptureMilestone.TargetReady => "target ready",
        CaptureMilestone.LogDurable => "log durable",
        CaptureMilestone.ReportDurable => "report durable",
        CaptureMilestone.DumpDurable => "dump durable",
        CaptureMilestone.ManifestDurable => "manifest durable",
        CaptureMilestone.Done => "done",
        CaptureMilestone.Failed => "failed",
        CaptureMilestone.FinalAction => "final action",
        _ => throw new ArgumentOutOfRangeException(nameof(milestone)),
    };

    /// <summary>The line of a milestone.</summary>
    public static string Format(CaptureMilestone milestone, TimeSpan sinceBoot, string detail = "") =>
        Format(NameOf(milestone), sinceBoot, detail);

    /// <summary>A line with another word; line ends and other control characters in the detail become spaces.</summary>
    public static string Format(string word, TimeSpan sinceBoot, string detail)
    {
        string clean = string.Create(detail.Length, detail, static (target, text) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        }).Trim();
        string time = sinceBoot.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        return $"{Prefix}[{time}] {word}{(clean.Length == 0 ? "" : ": ")}{clean}";
    }

    /// <summary>
    /// Reads a milestone from a console's line. The line may begin with something else: the kernel's own output, or what
    /// a terminal added.
    /// </summary>
    public static bool TryParse(string line, out CaptureMilestoneLine result)
    {
        result = default;
        int start = line.LastIndexOf(Prefix + "[", StringComparison.Ordinal);
        int end = start < 0 ? -1 : line.IndexOf("] ", start, StringComparison.Ordinal);
        if (end < 0
            || !decimal.TryParse(
                line.AsSpan((start + Prefix.Length + 1)..end),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal seconds)
            || seconds >= MaxSeconds)
        {
            return false;
        }

        string rest = line[(end + 2)..].TrimEnd();
        foreach (CaptureMilestone milestone in Enum.GetValues<CaptureMilestone>())
        {
            string name = NameOf(milestone);
            if (rest == name || rest.StartsWith(name + ": ", StringComparison.Ordinal))
            {
                string detail = rest.Length == name.Length ? "" : rest[(name.Length + 2)..];
                result = new CaptureMilestoneLine(milestone, TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)), detail);
                return true;
            }
        }

        return false;
    }
}
