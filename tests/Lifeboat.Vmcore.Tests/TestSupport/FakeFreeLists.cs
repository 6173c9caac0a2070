using static Lifeboat.Vmcore.Tests.TestSupport.FakeKernel;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// The allocator's free lists of a fake kernel: a node, two zones, eleven orders, two kinds of pages. The kernel's key
/// for free pages is taken away, so that the lists are all there is.
/// </summary>
internal sealed class FakeFreeLists
{
    private const ulong ZoneSize = 512;
    private const ulong Areas = 32;
    private const ulong AreaSize = 40;
    private const ulong Zones = 2;

    private readonly FakePages _pages;
    private readonly ulong _node;
    private readonly Dictionary<ulong, ulong> _last = [];

    internal FakeFreeLists(FakePages pages, bool isOnlyNode = false)
    {
        _pages = pages;
        FakeKernel kernel = pages.Kernel;
        kernel.Info.Remove("NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)");
        _node = kernel.Allocate(2064);
        ulong nodes = kernel.Allocate(16);
        ulong online = kernel.Allocate(128);
        kernel.Memory.WriteLong(ToPhysical(nodes), _node);
        kernel.Memory.WriteLong(ToPhysical(online), 1);
        kernel.Memory.WriteInt(ToPhysical(_node) + 2048, (uint)Zones);
        foreach (string line in (string[])[
            isOnlyNode ? $"SYMBOL(contig_page_data)={Hex(_node)}" : $"SYMBOL(node_data)={Hex(nodes)}",
            $"SYMBOL(node_online_map)={Hex(online)}", "SIZE(nodemask_t)=128", "SIZE(pglist_data)=2064", "SIZE(zone)=512",
            "SIZE(free_area)=40", "SIZE(list_head)=16", "OFFSET(pglist_data.node_zones)=0",
            "OFFSET(pglist_data.nr_zones)=2048", "OFFSET(zone.free_area)=32", "OFFSET(zone.spanned_pages)=8",
            "OFFSET(zone.vm_stat)=16", "NUMBER(NR_FREE_PAGES)=0", "OFFSET(free_area.free_list)=0",
            "LENGTH(free_area.free_list)=2", "OFFSET(list_head.next)=0", "OFFSET(list_head.prev)=8"])
        {
            pages.Set(line);
        }

        if (!isOnlyNode)
        {
            pages.Set("LENGTH(node_data)=2");
        }

        for (ulong zone = 0; zone < Zones; zone++)
        {
            kernel.Memory.WriteLong(ToPhysical(_node) + (zone * ZoneSize) + 8, 1);
            for (int order = 0; order < 11; order++)
            {
                for (int kind = 0; kind < 2; kind++)
                {
                    ulong head = Head(zone, order, kind);
                    Link(head, head);
                    _last[head] = head;
                }
            }
        }
    }

    internal ulong Head(ulong zone, int order, int kind) =>
        _node + (zone * ZoneSize) + Areas + ((ulong)order * AreaSize) + ((ulong)kind * 16);

    /// <summary>Where a page's own link is.</summary>
    internal ulong LinkOf(ulong pfn) => _pages.Physical(pfn) + 8;

    internal void Add(ulong zone, int order, int kind, ulong pfn)
    {
        ulong head = Head(zone, order, kind);
        ulong page = _pages.Address(pfn) + 8;
        Link(_last[head], page);
        Link(page, head);
        _last[head] = page;
    }

    private void Link(ulong from, ulong to)
    {
        _pages.Kernel.Memory.WriteLong(Physical(from), to);
        _pages.Kernel.Memory.WriteLong(Physical(to) + 8, from);
    }

    private static ulong Physical(ulong address) => address >= ImageVirtual
        ? ToPhysical(address) : address - MemoryMapVirtual + MemoryMapPhysical;
}
