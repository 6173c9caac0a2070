using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Pages;

/// <summary>Where the lists of free pages are: in each zone of each node one for every order and kind of pages.</summary>
internal sealed record FreeListKeys
{
    // include/linux/mmzone.h: at most 6 zones a node; migrate types are at most 6 or 7.
    private const int MaxZones = 16;
    private const int MaxKinds = 32;
    private const int MaxNodes = 1024;
    private const int MaxStructure = 1 << 20;
    private const int PointerSize = 8;

    internal required VirtualAddress Nodes { get; init; }

    /// <summary>Pointers to nodes; 0 when <see cref="Nodes"/> is the only node itself.</summary>
    internal required int NodeCount { get; init; }

    internal required int NodeZones { get; init; }

    internal required int ZoneCountField { get; init; }

    internal required int ZoneSize { get; init; }

    internal required int ZoneAreas { get; init; }

    internal required int AreaSize { get; init; }

    internal required int AreaLists { get; init; }

    internal required int Orders { get; init; }

    internal required int Kinds { get; init; }

    internal required int ListSize { get; init; }

    internal required int Next { get; init; }

    internal required int Previous { get; init; }

    /// <summary>Where a <c>struct page</c> is in a list (<c>lru</c>).</summary>
    internal required int PageLink { get; init; }

    /// <summary>The number of zones that is believed of a node.</summary>
    internal static int LimitZones(uint count) => (int)Math.Min(count, MaxZones);

    /// <summary>The keys; null when one is missing or absurd.</summary>
    internal static FreeListKeys? Read(PageKeys keys, int pageStructSize)
    {
        bool hasNodes = keys.Info.TryGetSymbol("node_data", out VirtualAddress nodes)
            & keys.Info.TryGetLength("node_data", out int nodeCount);
        if (!hasNodes)
        {
            nodeCount = 0;
            hasNodes = keys.Info.TryGetSymbol("contig_page_data", out nodes);
        }

        if (!hasNodes || nodeCount > MaxNodes || !keys.Info.TryGetLength("zone.free_area", out int orders))
        {
            return null;
        }

        var found = new FreeListKeys
        {
            Nodes = nodes,
            NodeCount = nodeCount,
            NodeZones = keys.Offset("pglist_data", "node_zones"),
            ZoneCountField = keys.Offset("pglist_data", "nr_zones"),
            ZoneSize = keys.Size("zone"),
            ZoneAreas = keys.Offset("zone", "free_area"),
            AreaSize = keys.Size("free_area"),
            AreaLists = keys.Offset("free_area", "free_list"),
            Orders = orders,
            Kinds = keys.Info.TryGetLength("free_area.free_list", out int kinds) ? kinds : 1,
            ListSize = keys.Size("list_head"),
            Next = keys.Offset("list_head", "next"),
            Previous = keys.Offset("list_head", "prev"),
            PageLink = keys.Offset("page", "lru"),
        };
        return found.IsSane(pageStructSize) ? found : null;
    }

    private bool IsSane(int pageStructSize) => Orders is > 0 and < 32 && Kinds is > 0 and <= MaxKinds
        && ListSize is >= 2 * PointerSize and <= 64
        && Next >= 0 && Next <= ListSize - PointerSize && Previous >= 0 && Previous <= ListSize - PointerSize
        && NodeZones is >= 0 and < MaxStructure && ZoneCountField is >= 0 and < MaxStructure
        && AreaLists is >= 0 and < MaxStructure && AreaSize <= MaxStructure && AreaSize >= AreaLists + (Kinds * ListSize)
        && ZoneAreas is >= 0 and < MaxStructure && ZoneSize <= MaxStructure && ZoneSize >= ZoneAreas + (Orders * AreaSize)
        && PageLink >= 0 && PageLink <= pageStructSize - (2 * PointerSize);
}
