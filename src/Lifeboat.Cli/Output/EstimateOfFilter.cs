using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>What <c>filter</c> would write.</summary>
internal sealed record EstimateOfFilter
{
    /// <summary>The files; none when none was named.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Their format: kdump, elf, flattened.</summary>
    public required string Format { get; init; }

    /// <summary>The level that was asked for.</summary>
    public required int DumpLevel { get; init; }

    /// <summary>Bytes of all files together, at that level.</summary>
    public required ulong FileBytes { get; init; }

    /// <summary>The most that each file may have.</summary>
    public ulong? MaxBytes { get; init; }

    /// <summary>Whether they fit that.</summary>
    public bool? Fits { get; init; }

    /// <summary>The first level of those that would be gone on at that fits; absent when none does or none is needed.</summary>
    public int? RaisedTo { get; init; }

    /// <summary>Pages by what would become of them.</summary>
    public required PageCounts Pages { get; init; }
}
