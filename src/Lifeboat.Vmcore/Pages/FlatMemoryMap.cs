using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// One array of <c>struct page</c> for all memory (CONFIG_FLATMEM): <c>mem_map</c>, or <c>node_mem_map</c> of the only
/// node, which also says where memory begins and ends.
/// </summary>
internal sealed class FlatMemoryMap : MemoryMap
{
    // Addresses have at most 52 bits.
    private const ulong MaxPfn = 1UL << 40;

    private readonly ulong _array;
    private readonly ulong _firstPfn;
    private readonly ulong _endPfn;

    private FlatMemoryMap(AddressSpace space, int pageStructSize, ulong array, ulong firstPfn, ulong pages)
        : base(space, pageStructSize) => (_array, _firstPfn, _endPfn) = (array, firstPfn, firstPfn + pages);

    internal static FlatMemoryMap? TryOpen(AddressSpace space, PageKeys keys, int pageStructSize) =>
        TryOpenNode(space, keys, pageStructSize)
            ?? (keys.Info.TryGetSymbol("mem_map", out VirtualAddress symbol)
                && TryReadPointer(space, symbol, out ulong array, out _) && array != 0
                ? new FlatMemoryMap(space, pageStructSize, array, 0, MaxPfn) : null);

    /// <inheritdoc/>
    internal override bool TryFind(ulong pfn, out VirtualAddress page, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        page = new VirtualAddress(unchecked(_array + ((pfn - _firstPfn) * (ulong)PageStructSize)));

        // What lies before the array is never looked at, though a block of 4,096 pages be kept for it.
        return pfn >= _firstPfn && pfn < _endPfn;
    }

    /// <inheritdoc/>
    internal override bool TryFindPfn(VirtualAddress page, out ulong pfn)
    {
        ulong distance = unchecked(page.Value - _array);
        pfn = unchecked(_firstPfn + (distance / (ulong)PageStructSize));
        return distance % (ulong)PageStructSize == 0 && distance / (ulong)PageStructSize < _endPfn - _firstPfn;
    }

    private static FlatMemoryMap? TryOpenNode(AddressSpace space, PageKeys keys, int pageStructSize)
    {
        // pglist_data.node_mem_map is exported by kernels with a flat map only.
        if (!keys.Info.TryGetSymbol("contig_page_data", out VirtualAddress node)
            || !keys.Info.TryGetOffset("pglist_data.node_mem_map", out int map)
            || !keys.Info.TryGetOffset("pglist_data.node_start_pfn", out int start)
            || !keys.Info.TryGetOffset("pglist_data.node_spanned_pages", out int spanned))
        {
            return null;
        }

        return TryReadPointer(space, node + new ByteCount((ulong)map), out ulong array, out _) && array != 0
            && TryReadPointer(space, node + new ByteCount((ulong)start), out ulong firstPfn, out _) && firstPfn < MaxPfn
            && TryReadPointer(space, node + new ByteCount((ulong)spanned), out ulong pages, out _)
            && pages is > 0 and <= MaxPfn
            ? new FlatMemoryMap(space, pageStructSize, array, firstPfn, pages) : null;
    }
}
