using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;
using Lifeboat.Vmcore.Writing.Estimating;

namespace Lifeboat.Cli.Output;

/// <summary>How large a dump would be, as a JSON document (docs/json.md); also of a dry run of filter.</summary>
internal sealed record EstimateDocument
{
    // Memory changes until the crash comes: a quarter more than now.
    private const ulong MarginPart = 4;

    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>What was read, as it was given.</summary>
    public required IReadOnlyList<string> Dumps { get; init; }

    /// <summary>Whether it is the memory of a running machine.</summary>
    public required bool Live { get; init; }

    /// <summary>RAM of the machine.</summary>
    public required ulong RamBytes { get; init; }

    /// <summary>How pages would be packed: zstd, zlib, lzo, snappy, none.</summary>
    public required string Compression { get; init; }

    /// <summary>Of a dry run: what would be written.</summary>
    public EstimateOfFilter? Filter { get; init; }

    /// <summary>The size at each level.</summary>
    public required IReadOnlyList<EstimatedLevel> Levels { get; init; }

    /// <summary>What no dump of the machine is larger than.</summary>
    public required ulong LargestBytes { get; init; }

    /// <summary>The pages that there are of each class.</summary>
    public required IReadOnlyList<EstimatedClass> Classes { get; init; }

    /// <summary>Pages that the dump does not have.</summary>
    public required ulong UnreadablePages { get; init; }

    /// <summary>The time that counting all pages by class took.</summary>
    public required double CountingSeconds { get; init; }

    /// <summary>The time all of it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>What one should know of the figures.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The document of an estimate, with the levels that are to be told, upwards.</summary>
    public static EstimateDocument From(
        DumpEstimate estimate, DumpSource dump, IReadOnlyList<string> files, DumpCompression compression,
        Func<DumpLevel, bool> isTold, TimeSpan elapsed)
    {
        ulong ram = estimate.Pages.Total * Pfn.PageSize;
        ulong largest = estimate.Largest.Value;
        var told = new List<EstimatedLevel>();
        for (var level = DumpLevel.None; level <= DumpLevel.All; level++)
        {
            if (!isTold(level))
            {
                continue;
            }

            ulong size = estimate.SizeAt(level).Value;
            ulong disk = new ByteCount(size + (size / MarginPart)).AlignUp(ByteCount.FromMiB(1)).Value;
            told.Add(new EstimatedLevel(
                (int)level, size, ram == 0 ? 0 : Math.Round((double)size / ram, 4),
                Math.Min(disk, new ByteCount(largest).AlignUp(ByteCount.FromMiB(1)).Value)));
        }

        var classes = new List<EstimatedClass>();
        foreach (ClassEstimate pages in estimate.Classes)
        {
            classes.Add(new EstimatedClass(
                pages.Name, pages.Pages, Math.Round(pages.ZeroShare, 4), pages.PackedPage.Value));
        }

        return new EstimateDocument
        {
            Dumps = files,
            Live = dump.IsLive,
            RamBytes = ram,
            Compression = DumpCompressionNames.NameOf(compression),
            Levels = told,
            LargestBytes = largest,
            Classes = classes,
            UnreadablePages = estimate.Pages.Unreadable,
            CountingSeconds = estimate.CountingTime.TotalSeconds,
            Seconds = elapsed.TotalSeconds,
            Notices = [.. estimate.Notices.Select(notice => notice.ToString())],
        };
    }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.EstimateDocument);
}
