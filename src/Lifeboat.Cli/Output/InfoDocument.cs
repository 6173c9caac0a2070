using System.Text.Json;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect;
using Lifeboat.Symbols;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Cli.Output;

/// <summary>What a dump is, as a JSON document (docs/json.md).</summary>
internal sealed record InfoDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The files, as they were given.</summary>
    public required IReadOnlyList<string> Dumps { get; init; }

    /// <summary>The format.</summary>
    public required string Format { get; init; }

    /// <summary>Whether the dump was not written to its end.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>The level it was filtered at, when it says so.</summary>
    public required int? DumpLevel { get; init; }

    /// <summary>Bytes of the files; null where that means nothing: of /proc/vmcore, of a running machine.</summary>
    public required ulong? FileBytes { get; init; }

    /// <summary>Whether this is the memory of a running machine.</summary>
    public required bool Live { get; init; }

    /// <summary>RAM of the machine.</summary>
    public required ulong RamBytes { get; init; }

    /// <summary>The kernel's name: Linux.</summary>
    public required string? System { get; init; }

    /// <summary>As uname -r.</summary>
    public required string? Release { get; init; }

    /// <summary>As uname -v.</summary>
    public required string? Version { get; init; }

    /// <summary>As uname -m.</summary>
    public required string? Machine { get; init; }

    /// <summary>The machine's name.</summary>
    public required string? Host { get; init; }

    /// <summary>When it crashed.</summary>
    public required DateTimeOffset? CrashTime { get; init; }

    /// <summary>Pages by what the dump has of them.</summary>
    public required PageStateCounts Pages { get; init; }

    /// <summary>What a dump should have and this one has not, a line each.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What is damaged and was worked around.</summary>
    public required IReadOnlyList<string> Diagnostics { get; init; }

    /// <summary>The document of an open dump.</summary>
    public static InfoDocument From(DumpSource dump, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        CrashReport report = CrashReport.Create(dump, tailLength: 0, readsStacks: false);
        var pages = PageStateCounts.Of(dump, cancellation);
        return new InfoDocument
        {
            Dumps = files,
            Format = dump.FormatName,
            Incomplete = dump.IsIncomplete,
            DumpLevel = (int?)dump.HeaderLevel,
            FileBytes = dump.FileSize?.Value,
            Live = dump.IsLive,
            RamBytes = report.Ram.Value,
            System = report.Kernel.SystemName,
            Release = report.Kernel.Release,
            Version = report.Kernel.Version,
            Machine = report.Kernel.Machine,
            Host = report.Kernel.NodeName,
            CrashTime = report.CrashTime,
            Pages = pages,
            Missing = MissingFrom(dump, pages),
            Diagnostics = [.. report.Diagnostics.Select(diagnostic => diagnostic.ToString())],
        };
    }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.InfoDocument);

    private static List<string> MissingFrom(DumpSource dump, PageStateCounts pages)
    {
        var missing = new List<string>();
        if (pages.Truncated > 0)
        {
            missing.Add($"{pages.Truncated} pages ({new ByteCount(pages.Truncated * Pfn.PageSize)}) that should be there");
        }

        if (dump.Notes.IsEmpty)
        {
            missing.Add("the ELF notes, which have the registers of the CPUs");
        }

        if (dump.Vmcoreinfo.IsEmpty)
        {
            missing.Add("VMCOREINFO, without which there is no log and only pages of zeros can be told apart");
        }

        else
        {
            AddMissingKeys(dump, missing);
        }

        return missing;
    }

    private static void AddMissingKeys(DumpSource dump, List<string> missing)
    {
        IReadOnlyList<Diagnostic> byKeys = PageClassCheck.FindKept(dump, layouts: null);
        if (byKeys.Count == 0)
        {
            return;
        }

        var byTypes = new HashSet<string>(StringComparer.Ordinal);
        foreach (Diagnostic kept in PageClassCheck.FindKept(dump, BtfLayouts.Open))
        {
            byTypes.Add(kept.What);
        }

        foreach (Diagnostic kept in byKeys)
        {
            bool isOfKeys = kept.Id == VmcoreDiagnosticIds.ClassKept && kept.Expected is not null;
            string what = isOfKeys ? $"{kept.Expected} in VMCOREINFO: {kept.What}" : kept.What;
            missing.Add(byTypes.Contains(kept.What)
                ? what : $"{kept.Expected ?? kept.What} in VMCOREINFO; the kernel's own types (BTF) have it");
        }
    }
}
