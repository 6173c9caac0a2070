using System.Text;
using System.Text.Json;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>A status for a person to read, and for a program.</summary>
public static class KexecStatusReport
{
    /// <summary>The verdict, what stands in the way, what was found, then where each kind of trouble leads.</summary>
    /// <param name="status">The status.</param>
    /// <param name="now">The time, for the age of the last drill; null leaves it out.</param>
    /// <param name="paint">Colours a text by whether it is good (true) or bad; null leaves it as it is.</param>
    public static string ToText(KexecStatus status, DateTimeOffset? now = null, Func<string, bool, string>? paint = null)
    {
        paint ??= (text, _) => text;
        var text = new StringBuilder();
        text.Append(status.IsArmed
            ? $"{paint("Armed:", true)} a panic starts the capture kernel\n"
            : $"{paint("Not armed:", false)} a panic is not captured\n");
        foreach (Diagnostic problem in status.Problems)
        {
            text.Append($"  {problem}\n");
        }

        text.Append('\n');
        var table = new TextTable();
        table.Add("running kernel", status.Release ?? "unknown");
        table.Add("built with", Calls(status));
        table.Add("reserved", status.ReservationSize is { } size ? $"{size}" : "unknown");
        foreach (PhysicalRange range in status.Reservations)
        {
            table.Add("", $"{range}  {range.Length}");
        }

        table.Add("loaded", $"crash image {YesNo(status.CrashImageLoaded)}, image for kexec -e {YesNo(status.BootImageLoaded)}");
        table.Add("loading", Loading(status));
        foreach (MachineWatchdog watchdog in status.Watchdogs)
        {
            table.Add("watchdog", $"{watchdog}");
        }

        DrillFinding drill = DrillFinding.Of(status, now);
        table.Add("last drill", drill.IsBad ? paint(drill.Text, false) : drill.Text);
        table.WriteTo(text);
        PanicRoadText.Write(status.Road, text, paint);
        return text.ToString();
    }

    /// <summary>The status as one JSON document; addresses are hex strings, what is unknown is null.</summary>
    public static string ToJson(KexecStatus status, DateTimeOffset? now = null)
    {
        DrillFinding drill = DrillFinding.Of(status, now);
        return JsonSerializer.Serialize(
            new StatusDocument(
                status.IsArmed,
                status.Release,
                RangeDocument.From(status.Reservations),
                status.ReservationSize?.Value,
                status.CrashImageLoaded,
                status.BootImageLoaded,
                status.KernelHasKexec,
                status.KernelHasKexecLoad,
                status.KexecLoadDisabled,
                status.LoadLimitPanic,
                status.LoadLimitReboot,
                status.Lockdown,
                status.HasSysBootCapability,
                [.. status.PanicKnobs.Select(knob => new KnobDocument(knob.Name, knob.Value, knob.Meaning))],
                [.. status.Problems.Select(problem => problem.ToString())],
                [.. status.Road.Rows.Select(row => new PanicRoadDocument(row.Name, row.Trouble, PanicRoadText.Name(row.Outcome),
                    row.Outcome == PanicOutcome.Captured, row.IsGrave, row.IsGap, row.Reason, row.Change))],
                status.Road.Notes,
                status.Road.HasGaps,
                status.LastDrill,
                drill.Text,
                drill.IsBad,
                status.Watchdogs),
            KexecJsonContext.Default.StatusDocument);
    }

    private static string Calls(KexecStatus status) => !status.KernelHasKexec ? "no kexec"
        : status.KernelHasKexecLoad switch
        {
            true => "kexec_load",
            false => "kexec, but not kexec_load",
            null => "kexec (its configuration is not installed)",
        };

    private static string Loading(KexecStatus status)
    {
        var parts = new List<string>
        {
            status.KexecLoadDisabled switch { true => "switched off", false => "allowed", null => "unknown" },
        };
        if (status.LoadLimitPanic is >= 0)
        {
            parts.Add($"{status.LoadLimitPanic} crash loads left");
        }

        parts.Add($"lockdown {status.Lockdown ?? "unknown"}");
        if (status.HasSysBootCapability == false)
        {
            parts.Add("not by this user");
        }

        return string.Join(", ", parts);
    }

    private static string YesNo(bool? flag) => flag switch { true => "yes", false => "no", null => "unknown" };
}
