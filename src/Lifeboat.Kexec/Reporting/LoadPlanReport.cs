using System.Text;
using System.Text.Json;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Reporting;

/// <summary>A plan for a person to read, and for a program.</summary>
public static class LoadPlanReport
{
    /// <summary>The plan as tables: segments, memory map, command line, rules, notices.</summary>
    public static string ToText(LoadPlan plan)
    {
        var text = new StringBuilder();
        string version = plan.KernelVersion is null ? "" : $" ({plan.KernelVersion})";
        text.Append($"Kernel       {plan.KernelName}{version}\n");
        text.Append(plan.Purpose == LoadPurpose.Crash
            ? $"Reservation  {plan.Reservation}  {plan.Reservation.Length}, {plan.Free} free\n"
            : $"Started by   a reboot; {plan.Free} of usable RAM stay free\n");
        text.Append($"Entry point  {plan.EntryPoint} (purgatory)\n");

        text.Append("\nSegments\n");
        var segments = new TextTable();
        segments.Add("#", "range", "memory", "content", "what");
        for (int i = 0; i < plan.Segments.Count; i++)
        {
            LoadSegment segment = plan.Segments[i];
            segments.Add(
                $"{i}", $"{segment.Range}", $"{segment.Range.Length}", $"{segment.Content.Length} B", segment.Name);
        }

        segments.WriteTo(text);

        text.Append($"\nMemory map of the {(plan.Purpose == LoadPurpose.Crash ? "capture" : "next")} kernel\n");
        var map = new TextTable();
        foreach (E820Entry entry in plan.MemoryMap)
        {
            map.Add($"{entry.Range}", $"{entry.Range.Length}", Name(entry.Type));
        }

        map.WriteTo(text);

        if (plan.Purpose == LoadPurpose.Crash)
        {
            text.Append("\nMemory in the dump\n");
            var dumped = new TextTable();
            foreach (var range in plan.DumpedRam)
            {
                dumped.Add($"{range}", $"{range.Length}");
            }

            dumped.WriteTo(text);
        }

        text.Append($"\nCommand line\n  {plan.CommandLine}\n");
        RuleReport.AppendTo(text, plan.Rules);
        if (plan.Notices.Count > 0)
        {
            text.Append("\nNotices\n");
            foreach (Diagnostic notice in plan.Notices)
            {
                text.Append($"  {notice}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The plan as one JSON document; addresses are hex strings, sizes are numbers of bytes.</summary>
    public static string ToJson(LoadPlan plan, LoaderChoice? choice = null) => JsonSerializer.Serialize(
        new LoadPlanDocument(
            plan.KernelName,
            plan.KernelVersion,
            plan.Purpose == LoadPurpose.Crash ? "crash" : "reboot",
            plan.Purpose == LoadPurpose.Crash ? RangeDocument.From(plan.Reservation) : null,
            plan.Free.Value,
            $"{plan.EntryPoint}",
            $"0x{(uint)plan.Flags:x}",
            plan.CommandLine,
            [.. plan.Segments.Select((segment, number) => new SegmentDocument(
                number, segment.Name, RangeDocument.From(segment.Range), segment.Content.Length))],
            [.. plan.MemoryMap.Select(entry => new MemoryMapDocument(
                RangeDocument.From(entry.Range), Name(entry.Type)))],
            RangeDocument.From(plan.DumpedRam),
            RuleReport.ToDocuments(plan.Rules),
            [.. plan.Notices.Select(notice => notice.ToString())],
            choice is null ? null : KexecCallNames.NameOf(choice.Call),
            choice?.Reason),
        KexecJsonContext.Default.LoadPlanDocument);

    private static string Name(E820Type type) => type switch
    {
        E820Type.Ram => "RAM",
        E820Type.Reserved => "reserved",
        E820Type.Acpi => "ACPI tables",
        E820Type.Nvs => "ACPI non-volatile storage",
        E820Type.Unusable => "unusable",
        E820Type.PersistentMemory => "persistent memory",
        E820Type.SoftReserved => "soft reserved",
        _ => "persistent memory (legacy)",
    };
}
