using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Free pages by the allocator's own lists, for kernels that do not export how a free page looks.
/// </summary>
/// <remarks>
/// <para><b>Memory.</b> A bit a page for 128 GiB at a time; the lists are followed once for each such part.</para>
/// <para><b>Damage.</b> A list is followed while every element is a <c>struct page</c>, points back to the one before it
/// and heads a block that is aligned to its size. No element can come twice then: the way ends.</para>
/// </remarks>
internal sealed class FreeLists : IDisposable
{
    private const ulong PagesAtOnce = 1UL << 25;

    private readonly AddressSpace _space;
    private readonly MemoryMap _map;
    private readonly FreeListKeys _keys;
    private readonly NativeBuffer _bits = new((int)(PagesAtOnce / 8));
    private ulong _part = ulong.MaxValue;

    private FreeLists(AddressSpace space, MemoryMap map, FreeListKeys keys) => (_space, _map, _keys) = (space, map, keys);

    /// <summary>Lists that broke off before their end, counted in each part.</summary>
    internal ulong DamagedLists { get; private set; }

    /// <summary>The lists; null, and a notice, when they cannot be found.</summary>
    internal static FreeLists? Open(
        AddressSpace space, MemoryMap map, PageKeys keys, int pageStructSize, List<Diagnostic> notices)
    {
        if (FreeListKeys.Read(keys, pageStructSize) is { } lists)
        {
            return new FreeLists(space, map, lists);
        }

        notices.Add(PageLayout.Kept(
            "free memory",
            "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE), OFFSET(page._mapcount), OFFSET(page.private), or what leads to the free lists"));
        return null;
    }

    /// <summary>Marks the free ones of the pages from <paramref name="start"/> on.</summary>
    internal void Mark(ulong start, Span<PageClass> classes)
    {
        for (int i = 0; i < classes.Length; i++)
        {
            ulong pfn = start + (ulong)i;
            if (pfn / PagesAtOnce != _part)
            {
                _part = pfn / PagesAtOnce;
                _bits.Span.Clear();
                FollowAll();
            }

            int bit = (int)(pfn % PagesAtOnce);
            if ((_bits.Span[bit >> 3] & (1 << (bit & 7))) != 0)
            {
                classes[i] = PageClass.Free;
            }
        }
    }

    public void Dispose() => _bits.Dispose();

    private void FollowAll()
    {
        if (_keys.NodeCount == 0)
        {
            FollowNode(_keys.Nodes);
            return;
        }

        for (int i = 0; i < _keys.NodeCount; i++)
        {
            if (!TryReadPointer(_keys.Nodes + new ByteCount((ulong)i * 8), out ulong node))
            {
                DamagedLists++;
            }
            else if (node != 0)
            {
                // Nodes that are not there have no address.
                FollowNode(new VirtualAddress(node));
            }
        }
    }

    private void FollowNode(VirtualAddress node)
    {
        Span<byte> count = stackalloc byte[4];
        if (_space.Read(node + new ByteCount((ulong)_keys.ZoneCountField), count, out _) < count.Length)
        {
            DamagedLists++;
            return;
        }

        int zones = FreeListKeys.LimitZones(BinaryPrimitives.ReadUInt32LittleEndian(count));
        for (int zone = 0; zone < zones; zone++)
        {
            for (int order = 0; order < _keys.Orders; order++)
            {
                for (int kind = 0; kind < _keys.Kinds; kind++)
                {
                    int offset = _keys.NodeZones + (zone * _keys.ZoneSize) + _keys.ZoneAreas
                        + (order * _keys.AreaSize) + _keys.AreaLists + (kind * _keys.ListSize);
                    DamagedLists += FollowList(node + new ByteCount((ulong)offset), order) ? 0UL : 1;
                }
            }
        }
    }

    private bool FollowList(VirtualAddress head, int order)
    {
        VirtualAddress previous = head;
        if (!TryReadPointer(head + new ByteCount((ulong)_keys.Next), out ulong link))
        {
            return false;
        }

        // A list that was never set up: a zone without memory.
        if (link == 0)
        {
            return true;
        }

        while (link != head.Value)
        {
            var page = new VirtualAddress(unchecked(link - (ulong)_keys.PageLink));
            var here = new VirtualAddress(link);
            if (!_map.TryFindPfn(page, out ulong pfn) || (pfn & ((1UL << order) - 1)) != 0
                || !TryReadPointer(here + new ByteCount((ulong)_keys.Previous), out ulong back) || back != previous.Value
                || !TryReadPointer(here + new ByteCount((ulong)_keys.Next), out link))
            {
                return false;
            }

            MarkBlock(pfn, order);
            previous = here;
        }

        return true;
    }

    private void MarkBlock(ulong pfn, int order)
    {
        ulong first = Math.Max(pfn, _part * PagesAtOnce);
        ulong end = Math.Min(pfn + (1UL << order), (_part + 1) * PagesAtOnce);
        for (ulong free = first; free < end; free++)
        {
            int bit = (int)(free % PagesAtOnce);
            _bits.Span[bit >> 3] |= (byte)(1 << (bit & 7));
        }
    }

    private bool TryReadPointer(VirtualAddress address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool isRead = _space.Read(address, bytes, out _) == bytes.Length;
        value = isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return isRead;
    }
}
