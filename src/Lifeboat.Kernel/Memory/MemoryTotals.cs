using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Memory;

/// <summary>Memory at a glance, computed as /proc/meminfo does; null for what this kernel does not count or cannot be read.</summary>
/// <remarks><para>Each property reads memory anew.</para></remarks>
public sealed class MemoryTotals
{
    private const int MostHugeSizes = 16;
    private const int LowWatermark = 1;

    private readonly CrashedKernel _kernel;
    private readonly KernelType? _nodeItems;
    private readonly KernelType? _zoneItems;

    internal MemoryTotals(CrashedKernel kernel)
    {
        _kernel = kernel;
        _ = kernel.Types.TryFind("enum node_stat_item", out _nodeItems);
        _ = kernel.Types.TryFind("enum zone_stat_item", out _zoneItems);
    }

    /// <summary>Memory that the kernel has to give (MemTotal).</summary>
    public ByteCount? Total => Pages(Number("_totalram_pages", "atomic_long_t") ?? Number("totalram_pages", "atomic_long_t"));

    /// <summary>Free (MemFree).</summary>
    public ByteCount? Free => Pages(Zone("NR_FREE_PAGES"));

    /// <summary>Neither free nor in the page cache's buffers: total less free.</summary>
    public ByteCount? Used => Total is { } total && Free is { } free && free <= total ? total - free : null;

    /// <summary>What could be had without swapping, by the kernel's own estimate (MemAvailable).</summary>
    public ByteCount? Available => Pages(EstimateAvailable());

    /// <summary>Block devices' own pages (Buffers).</summary>
    public ByteCount? Buffers => Pages(CountBuffers());

    /// <summary>The page cache, without buffers and swap cache (Cached).</summary>
    public ByteCount? Cached => Pages(Node("NR_FILE_PAGES") - CountSwapCache() - CountBuffers());

    /// <summary>All pages of files: page cache, buffers, shared memory.</summary>
    public ByteCount? Files => Pages(Node("NR_FILE_PAGES"));

    /// <summary>Written to files and not to their disks yet (Dirty).</summary>
    public ByteCount? Dirty => Pages(Node("NR_FILE_DIRTY"));

    /// <summary>Pages that are in RAM and in swap (SwapCached).</summary>
    public ByteCount? SwapCached => Pages(CountSwapCache());

    /// <summary>Shared memory and tmpfs (Shmem).</summary>
    public ByteCount? Shared => Pages(Node("NR_SHMEM"));

    /// <summary>Memory of processes that is of no file (AnonPages).</summary>
    public ByteCount? Anonymous => Pages(Node("NR_ANON_MAPPED"));

    /// <summary>Slabs that could be given back (SReclaimable).</summary>
    public ByteCount? SlabReclaimable => Pages(Node("NR_SLAB_RECLAIMABLE_B") ?? Node("NR_SLAB_RECLAIMABLE"));

    /// <summary>Slabs that could not (SUnreclaim).</summary>
    public ByteCount? SlabUnreclaimable => Pages(Node("NR_SLAB_UNRECLAIMABLE_B") ?? Node("NR_SLAB_UNRECLAIMABLE"));

    /// <summary>All slabs (Slab).</summary>
    public ByteCount? Slab => SlabReclaimable is { } some && SlabUnreclaimable is { } others ? some + others : null;

    /// <summary>Page tables (PageTables).</summary>
    public ByteCount? PageTables => Pages(Node("NR_PAGETABLE") ?? Zone("NR_PAGETABLE"));

    /// <summary>Kernel stacks (KernelStack).</summary>
    public ByteCount? Stacks => Node("NR_KERNEL_STACK_KB") is { } kilobytes and >= 0 ? ByteCount.FromKiB((ulong)kilobytes) : null;

    /// <summary>Huge pages of hugetlbfs, all sizes (Hugetlb).</summary>
    public ByteCount? Huge => CountHuge("nr_huge_pages");

    /// <summary>Those of them that are free.</summary>
    public ByteCount? HugeFree => CountHuge("free_huge_pages");

    /// <summary>Swap space (SwapTotal).</summary>
    public ByteCount? Swap => Pages(Number("total_swap_pages", "long"));

    /// <summary>Free swap space (SwapFree).</summary>
    public ByteCount? SwapFree => Pages(Number("nr_swap_pages", "atomic_long_t"));

    /// <summary>Memory that processes could come to use (Committed_AS).</summary>
    public ByteCount? Committed => Pages(CountCommitted());

    /// <summary>How much of that the kernel would promise were it strict (CommitLimit).</summary>
    public ByteCount? CommitLimit
    {
        get
        {
            long? swap = Number("total_swap_pages", "long");
            if (Number("sysctl_overcommit_kbytes", "unsigned long") is { } fixedLimit and > 0)
            {
                return Pages((fixedLimit / 4) + swap);
            }

            long? total = (long?)Total?.Value / Pfn.PageSize;
            return Pages(((total - ((long?)Huge?.Value / Pfn.PageSize)) * Number("sysctl_overcommit_ratio", "int") / 100) + swap);
        }
    }

    private static ByteCount? Pages(long? count) =>
        count is { } pages and < (1L << 50) ? new ByteCount((ulong)Math.Max(0, pages) * Pfn.PageSize) : null;

    private long? Number(string name, string type) => !_kernel.TryFindGlobal(name, type, out KernelObject? variable) ? null
        : variable.TryGet("counter", out KernelObject? counter) ? counter.Signed : variable.Signed;

    private long? Node(string item) => Counter("vm_node_stat", _nodeItems, item);

    private long? Zone(string item) => Counter("vm_zone_stat", _zoneItems, item);

    private long? Counter(string array, KernelType? items, string item) => items?.ValueOf(item) is { } index
        && _kernel.TryFindGlobal(array, "atomic_long_t", out KernelObject? first)
        ? first.At(first.Type, first.Address + new ByteCount((ulong)index * first.Type.Size.Value))["counter"].Signed : null;

    private long? CountBuffers()
    {
        if (!_kernel.TryFindGlobal("blockdev_superblock", "struct super_block *", out KernelObject? devices)
            || devices.Pointer is null or { Value: 0 })
        {
            return null;
        }

        long? sum = 0;
        KernelWalk<KernelObject> inodes = _kernel.List(devices.Target["s_inodes"], "struct inode", "i_sb_list");
        foreach (KernelObject inode in inodes)
        {
            sum += inode["i_mapping.nrpages"].Signed;
        }

        return inodes.End == WalkEnd.Complete ? sum : null;
    }

    private long? CountSwapCache()
    {
        if (Node("NR_SWAPCACHE") is { } counted)
        {
            return counted;
        }

        // Before 5.12 each area's pages are counted where they are found.
        if (!_kernel.TryFindGlobal("swapper_spaces", "struct address_space *", out KernelObject? spaces)
            || !_kernel.TryFindGlobal("nr_swapper_spaces", "unsigned int", out KernelObject? counts))
        {
            return null;
        }

        long? sum = 0;
        foreach (SwapArea area in _kernel.Memory.SwapAreas)
        {
            KernelObject first = spaces.At(spaces.Type, spaces.Address + new ByteCount((ulong)area.Number * 8));
            ulong count = counts.At(counts.Type, counts.Address + new ByteCount((ulong)area.Number * 4)).Unsigned ?? 0;
            for (int i = 0; i < (int)Math.Min(count, 1 << 16); i++)
            {
                sum += first[i]["nrpages"].Signed;
            }
        }

        return sum;
    }

    private ByteCount? CountHuge(string member)
    {
        if (Number("hugetlb_max_hstate", "int") is not (>= 0 and <= MostHugeSizes and var sizes)
            || !_kernel.TryFindGlobal("hstates", "struct hstate", out KernelObject? states))
        {
            return null;
        }

        ulong sum = 0;
        for (int i = 0; i < sizes; i++)
        {
            KernelObject state = states.At(states.Type, states.Address + new ByteCount((ulong)i * states.Type.Size.Value));
            if (state["order"].Unsigned is not { } order || order > 20 || state[member].Unsigned is not { } count || count > 1UL << 30)
            {
                return null;
            }

            sum += count * Pfn.PageSize << (int)order;
        }

        return new ByteCount(sum);
    }

    private long? CountCommitted()
    {
        if (!_kernel.TryFindGlobal("vm_committed_as", "struct percpu_counter", out KernelObject? counter)
            || counter["counters"] is not { Pointer: { } start, Type.Target: { } type })
        {
            return null;
        }

        long? sum = counter["count"].Signed;
        foreach (int cpu in _kernel.OnlineCpus)
        {
            sum += _kernel.PerCpuOffset(cpu) is { } offset ? counter.At(type, start + offset).Signed : null;
        }

        return sum;
    }

    /// <summary>By the rules of <c>si_mem_available</c> (mm/show_mem.c).</summary>
    private long? EstimateAvailable()
    {
        long? low = 0;
        foreach (MemoryNode node in _kernel.Memory.Nodes)
        {
            foreach (MemoryZone zone in node.Zones)
            {
                low += zone.Object["_watermark"][LowWatermark].Signed;
            }
        }

        long? files = Node("NR_ACTIVE_FILE") + Node("NR_INACTIVE_FILE");
        long? reclaimable = (Node("NR_SLAB_RECLAIMABLE_B") ?? Node("NR_SLAB_RECLAIMABLE")) + Node("NR_KERNEL_MISC_RECLAIMABLE");
        long? free = (long?)Free?.Value / Pfn.PageSize;
        return low is not { } mark || files is not { } cache || reclaimable is not { } slabs ? null
            : free - Number("totalreserve_pages", "unsigned long") + cache - Math.Min(cache / 2, mark)
                + slabs - Math.Min(slabs / 2, mark);
    }
}
