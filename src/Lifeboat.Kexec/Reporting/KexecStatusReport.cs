using System.Text;
using System.Text.Json;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>A status for a person to read, and for a program.</summary>
public static class KexecStatusReport
{
    /// <summary>The verdict, what stands in the way, then what was found.</summary>
    public static string ToText(KexecStatus status)
    {
        var text = new StringBuilder();
        text.Append(status.IsArmed
            ? "Armed: a panic starts the capture kernel\n"
            : "Not armed: a panic is not captured\n");
        foreach (Diagnostic problem in status.Problems)
        {
            text.Append($"  {problem}\n");
        }

        text.Append('\n');
        var table = new TextTable();
        table.Add("running kernel", status.Release ?? "unknown");
        table.Add("built with kexec", status.KernelHasKexec ? "yes" : "no");
        table.Add("built with kexec_load", YesNo(status.KernelHasKexecLoad));
        table.Add("reserved", status.ReservationSize is { } size ? $"{size}" : "unknown");
        foreach (PhysicalRange range in status.Reservations)
        {
            table.Add("", $"{range}  {range.Length}");
        }

        table.Add("crash image loaded", YesNo(status.CrashImageLoaded));
        table.Add("image for kexec -e loaded", YesNo(status.BootImageLoaded));
        table.Add("loading switched off", YesNo(status.KexecLoadDisabled));
        table.Add("crash loads left", Limit(status.LoadLimitPanic));
        table.Add("lockdown", status.Lockdown ?? "unknown");
        table.Add("CAP_SYS_BOOT", YesNo(status.HasSysBootCapability));
        table.WriteTo(text);

        text.Append("\nWhat reaches the capture kernel\n");
        var knobs = new TextTable();
        foreach (PanicKnob knob in status.PanicKnobs)
        {
            knobs.Add(knob.Name, knob.Value, knob.Meaning);
        }

        knobs.WriteTo(text);
        return text.ToString();
    }

    /// <summary>The status as one JSON document; addresses are hex strings, what is unknown is null.</summary>
    public static string ToJson(KexecStatus status) => JsonSerializer.Serialize(
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
            [.. status.Problems.Select(problem => problem.ToString())]),
        KexecJsonContext.Default.StatusDocument);

    private static string YesNo(bool? flag) => flag switch { true => "yes", false => "no", null => "unknown" };

    private static string Limit(long? limit) => limit is null or < 0 ? "any number" : $"{limit}";
}
