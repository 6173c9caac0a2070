using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Settings;

/// <content>What a capture may take of time and room.</content>
public static partial class SettingDirectives
{
    private const int MostSeconds = 86_400;
    private const int MostDumps = 10_000;

    private static IEnumerable<SettingDirective> Budget() =>
    [
        new(
            "stall_timeout",
            static (settings, value) => Number(value, 10, MostSeconds) is { } number
                ? settings with { StallTimeout = TimeSpan.FromSeconds(number) } : null,
            static settings => Seconds(settings.StallTimeout))
        {
            Accepted = "seconds, 10 to 86400",
            Meaning = "how long nothing may go forward; whatever hangs, failure_action comes then. What has a longer time of its own is given that",
        },
        new(
            "watchdog",
            static (settings, value) => value == "off" ? settings with { Watchdog = null }
                : Number(value, 10, 3600) is { } number ? settings with { Watchdog = TimeSpan.FromSeconds(number) } : null,
            static settings => settings.Watchdog is { } time ? Seconds(time) : "off")
        {
            Accepted = "seconds, 10 to 3600, or off",
            Meaning = "how long the machine's own watchdog waits for a sign of the capture before it resets the machine; a driver may take less. off leaves it alone",
        },
        new(
            "report_timeout",
            static (settings, value) => Number(value, 0, MostSeconds) is { } number
                ? With(settings, settings.Budget with { ReportTime = TimeSpan.FromSeconds(number) }) : null,
            static settings => Seconds(settings.Budget.ReportTime))
        {
            Accepted = "seconds, 0 to 86400",
            Meaning = "how long the report may take; it can be made of the dump later",
        },
        new(
            "dump_timeout",
            static (settings, value) => Number(value, 1, MostSeconds) is { } number
                ? With(settings, settings.Budget with { DumpTime = TimeSpan.FromSeconds(number) }) : null,
            static settings => settings.Budget.DumpTime is { } time ? Seconds(time) : null)
        {
            Accepted = "seconds, 1 to 86400",
            Meaning = "how long the dump may take; what is there then is kept as incomplete",
            Unset = "none but the deadline",
        },
        new(
            "max_size",
            static (settings, value) => Size(value) is { } size && size != ByteCount.Zero
                ? With(settings, settings.Budget with { MaxSize = size }) : null,
            static settings => settings.Budget.MaxSize is { } size ? Exact(size) : null)
        {
            Accepted = "a size such as 512M or 20G",
            Meaning = "the most that the dump may have",
            Unset = "what the target has",
        },
        new(
            "keep_free",
            static (settings, value) => Size(value) is { } size
                ? With(settings, settings.Budget with { KeepFree = size }) : null,
            static settings => Exact(settings.Budget.KeepFree))
        {
            Accepted = "a size such as 512M or 20G, or 0",
            Meaning = "the room that must remain on a filesystem after the dump",
        },
        new(
            "on_full",
            static (settings, value) => value is "raise" or "stop"
                ? With(settings, settings.Budget with { RaisesLevel = value == "raise" }) : null,
            static settings => settings.Budget.RaisesLevel ? "raise" : "stop")
        {
            Accepted = "raise, stop",
            Meaning = "when the dump does not fit: begin it anew at a higher dump_level, as often as there is one, then keep what is there as incomplete; or keep that at once",
        },
        new(
            "keep_dumps",
            static (settings, value) => Number(value, 1, MostDumps) is { } number
                ? With(settings, settings.Budget with { KeepDumps = number }) : null,
            static settings => settings.Budget.KeepDumps is { } number ? Text(number) : null)
        {
            Accepted = "1 to 10000",
            Meaning = "how many crashes of this host the folder keeps, the new one counted; older ones go once log and report of the new one are safe",
            Unset = "all",
        },
        new(
            "keep_days",
            static (settings, value) => Number(value, 1, MostDumps) is { } number
                ? With(settings, settings.Budget with { KeepDays = number }) : null,
            static settings => settings.Budget.KeepDays is { } number ? Text(number) : null)
        {
            Accepted = "1 to 10000",
            Meaning = "for how many days the folder keeps a crash of this host",
            Unset = "for ever",
        },
    ];

    private static CaptureSettings With(CaptureSettings settings, CaptureBudget budget) => settings with { Budget = budget };

    private static ByteCount? Size(string value) => ByteCount.TryParse(value, out ByteCount size) ? size : null;

    // What a person wrote as 20G comes back as that, and nothing is rounded.
    private static string Exact(ByteCount size)
    {
        ulong value = size.Value;
        int unit = 0;
        while (unit < 4 && value != 0 && value % 1024 == 0)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(CultureInfo.InvariantCulture) + (unit == 0 ? "" : "KMGT"[unit - 1]);
    }
}
