using System.Text;
using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reservation;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>Reservations for a person to read, and for a program.</summary>
public static class CrashKernelReport
{
    /// <summary>What is reserved, used and asked for.</summary>
    public static string ToText(ReservationStatus status)
    {
        var text = new StringBuilder();
        var table = new TextTable();
        table.Add("reserved", status.Kexec.ReservationSize is { } size ? $"{size}" : "unknown");
        foreach (PhysicalRange range in status.Kexec.Reservations)
        {
            table.Add("", $"{range}  {range.Length}");
        }

        foreach (PhysicalRange range in status.Kexec.CmaRanges)
        {
            table.Add("lent by CMA", $"{range}  {range.Length}");
        }

        table.Add("loaded", status.Kexec.CrashImageLoaded switch
        {
            true => status.Armed?.LoadedBytes is { } bytes ? $"{new ByteCount(bytes)}" : "yes, of unknown size",
            false => "nothing",
            null => "unknown",
        });
        table.Add("last drill", Describe(status.Drill));
        table.Add("RAM", status.Ram is { } ram ? $"{ram}" : "unknown");
        table.WriteTo(text);
        if (status.Line.Entries.Count > 0)
        {
            text.Append("\nThe command line\n");
            AddEntries(status.Line, status.Ram, text);
        }

        AddAdvice(status.Advice, text);
        return text.ToString();
    }

    /// <summary>The same as one JSON document.</summary>
    public static string ToJson(ReservationStatus status) => JsonSerializer.Serialize(
        new ReservationDocument(
            status.Kexec.ReservationSize?.Value,
            RangeDocument.From(status.Kexec.Reservations),
            RangeDocument.From(status.Kexec.CmaRanges),
            status.Kexec.CrashImageLoaded,
            status.Armed?.LoadedBytes,
            DocumentOf(status.Line, status.Ram, status.Advice),
            status.Drill),
        KexecJsonContext.Default.ReservationDocument);

    /// <summary>What a line means, and what it gives on a machine with so much RAM.</summary>
    public static string Explain(CrashKernelLine line, ByteCount? ram, IReadOnlyList<string> advice)
    {
        var text = new StringBuilder();
        AddEntries(line, ram, text);
        AddAdvice(advice, text);
        return text.ToString();
    }

    /// <summary>The same as one JSON document.</summary>
    public static string ExplainJson(CrashKernelLine line, ByteCount? ram, IReadOnlyList<string> advice) =>
        JsonSerializer.Serialize(DocumentOf(line, ram, advice), KexecJsonContext.Default.CrashKernelDocument);

    /// <summary>A proposal, and how it comes about.</summary>
    public static string ToText(ReservationProposal proposal)
    {
        var text = new StringBuilder($"{proposal.Word}\n");
        var table = new TextTable();
        table.Add($"{proposal.Measured}", "the smallest that captured in a drill of this kernel");
        table.Add($"{proposal.Margin}", "margin: devices that the drill's guest has not, and the next update");
        table.Add($"{proposal.ForRamdisk}", "the ramdisk beyond the drill's, packed and unpacked");
        table.Add($"{proposal.ForRam}", "this machine's RAM: page tables and bits for its pages");
        table.WriteTo(text);
        return text.ToString();
    }

    /// <summary>The same as one JSON document.</summary>
    public static string ToJson(ReservationProposal proposal) => JsonSerializer.Serialize(
        new ProposalDocument(proposal.Word, proposal.Size.Value, proposal.Measured.Value, proposal.Margin.Value,
            proposal.ForRamdisk.Value, proposal.ForRam.Value),
        KexecJsonContext.Default.ProposalDocument);

    private static void AddEntries(CrashKernelLine line, ByteCount? ram, StringBuilder text)
    {
        foreach (CrashKernelEntry entry in line.Entries)
        {
            text.Append($"crashkernel={entry.Text}\n");
            var table = new TextTable();
            foreach (CrashKernelRange range in entry.Ranges)
            {
                table.Add(range.To is { } to ? $"RAM from {range.From} to below {to}" : $"RAM from {range.From} on", $"{range.Size}");
            }

            if (entry.Size is { } size)
            {
                table.Add($"{size}", Meaning(entry.Kind));
            }

            if (entry.Offset is { } offset)
            {
                table.Add("at", $"{offset} and nowhere else");
            }

            if (entry.Error is { } error)
            {
                table.Add("error", error);
            }

            table.WriteTo(text);
        }

        if (ram is { } bytes && line.Entries.Count > 0)
        {
            AddOutcome(line.On(bytes), bytes, text);
        }
    }

    private static void AddOutcome(CrashKernelOutcome outcome, ByteCount ram, StringBuilder text)
    {
        ByteCount rounded = ram.AlignUp(CrashKernelLine.RamRounding);
        string counted = outcome.Entry is { Ranges.Count: > 0 } && $"{rounded}" != $"{ram}" ? $", which count as {rounded}" : "";
        text.Append($"With {ram} of RAM{counted}: ");
        if (outcome.Error is not null)
        {
            text.Append("nothing\n");
            return;
        }

        text.Append($"{outcome.Size} ");
        text.Append(outcome.Offset is { } offset ? $"at {offset}"
            : outcome.High ? $"above 4 GiB with {outcome.Low} below, or below 4 GiB where there is no room above"
            : $"below 4 GiB, or where there is no room above it with {outcome.Low} below");
        text.Append(outcome.Cma == ByteCount.Zero ? "\n" : $", and {outcome.Cma} lent by CMA\n");
    }

    private static void AddAdvice(IReadOnlyList<string> advice, StringBuilder text)
    {
        if (advice.Count > 0)
        {
            text.Append("\nAdvice\n");
        }

        foreach (string line in advice)
        {
            text.Append($"  {line}\n");
        }
    }

    private static CrashKernelDocument DocumentOf(CrashKernelLine line, ByteCount? ram, IReadOnlyList<string> advice)
    {
        CrashKernelOutcome? outcome = ram is { } bytes ? line.On(bytes) : null;
        var entries = new List<CrashKernelEntryDocument>();
        foreach (CrashKernelEntry entry in line.Entries)
        {
            var ranges = new List<CrashKernelRangeDocument>();
            foreach (CrashKernelRange range in entry.Ranges)
            {
                ranges.Add(new(range.From.Value, range.To?.Value, range.Size.Value));
            }

            entries.Add(new(entry.Text, NameOf(entry.Kind), entry.Size?.Value, entry.Offset?.ToString(), ranges, entry.Error));
        }

        return new(entries, ram?.Value, ram?.AlignUp(CrashKernelLine.RamRounding).Value, outcome?.Entry?.Text, outcome?.Size.Value,
            outcome?.Offset?.ToString(), outcome?.High, outcome?.Low.Value, outcome?.Cma.Value, outcome?.Error, advice);
    }

    private static string Describe(LastDrill? drill) => drill is null
        ? "none"
        : $"{drill.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {drill.KernelRelease}, {(drill.Passed ? "passed" : "failed")} with "
            + $"{new ByteCount(drill.ReservationBytes)}"
            + (drill.MinimumBytes is { } least ? $", {new ByteCount(least)} are enough" : "");

    private static string NameOf(CrashKernelKind kind) => kind switch
    {
        CrashKernelKind.High => "high",
        CrashKernelKind.Low => "low",
        CrashKernelKind.Cma => "cma",
        _ => "main",
    };

    private static string Meaning(CrashKernelKind kind) => kind switch
    {
        CrashKernelKind.High => "above 4 GiB",
        CrashKernelKind.Low => "below 4 GiB, beside a reservation above",
        CrashKernelKind.Cma => "lent to the running kernel until the crash",
        _ => "for the capture kernel",
    };
}
