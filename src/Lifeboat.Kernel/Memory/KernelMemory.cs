using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Memory;

/// <summary>What the crashed kernel knew of memory: pages, zones, slab caches, mapped areas, swap.</summary>
/// <remarks>
/// <para><b>Damage.</b> What cannot be read is null, empty or said of what was found; nothing throws.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class KernelMemory
{
    private const int MostNodes = 1024;

    private readonly CrashedKernel _kernel;
    private PageMap? _pages;
    private bool _hasPages;
    private SlabLayout? _slabLayout;
    private bool _hasSlabLayout;
    private PageFlagNames? _pageFlags;
    private AddressFinder? _finder;
    private List<int>? _nodes;
    private Dictionary<ulong, SlabCache>? _cachesByAddress;

    internal KernelMemory(CrashedKernel kernel) => _kernel = kernel;

    /// <summary>The map of memory, a <c>struct page</c> for each page; null for kernels that have none of the kind that is known.</summary>
    public PageMap? Pages
    {
        get
        {
            if (!_hasPages)
            {
                (_hasPages, _pages) = (true, PageMap.TryOpen(_kernel));
            }

            return _pages;
        }
    }

    /// <summary>The names of flags of pages.</summary>
    public PageFlagNames PageFlags => _pageFlags ??= new PageFlagNames(_kernel);

    /// <summary>The memory nodes of the machine.</summary>
    public IReadOnlyList<MemoryNode> Nodes
    {
        get
        {
            var nodes = new List<MemoryNode>();
            foreach (int number in NodeNumbers)
            {
                if (NodeObject(number) is { } node)
                {
                    nodes.Add(new MemoryNode(_kernel, number, node));
                }
            }

            return nodes;
        }
    }

    /// <summary>Memory at a glance: the totals of /proc/meminfo.</summary>
    public MemoryTotals Totals => new(_kernel);

    /// <summary>The slab caches; none, and damage, of a kernel that has not SLUB.</summary>
    public KernelWalk<SlabCache> SlabCaches => _kernel.TryFindGlobal("slab_caches", out KernelObject? head)
        && _kernel.Types.TryFind("struct kmem_cache", out KernelType? type) && type.TryFindMember("oo", out _)
        ? _kernel.List(head, "struct kmem_cache", "list").Select(cache => new SlabCache(_kernel, cache))
        : new KernelWalk<SlabCache>(_kernel.MaxLinked, static walk => None<SlabCache>(walk));

    /// <summary>Every slab, by address, found in one pass over the map of memory.</summary>
    public IEnumerable<Slab> Slabs => FindSlabs(null);

    /// <summary>Areas of the kernel's that are mapped page by page: vmalloc, ioremap, vmap, modules, stacks.</summary>
    public KernelWalk<VmallocArea> VmallocAreas => VmallocList.All(_kernel);

    /// <summary>The swap areas in use.</summary>
    public IReadOnlyList<SwapArea> SwapAreas => SwapList.All(_kernel);

    /// <summary>The numbers of the memory nodes.</summary>
    internal IReadOnlyList<int> NodeNumbers => _nodes ??= ReadNodes();

    internal SlabLayout? SlabLayout
    {
        get
        {
            if (!_hasSlabLayout)
            {
                (_hasSlabLayout, _slabLayout) = (true, SlabLayout.Read(_kernel));
            }

            return _slabLayout;
        }
    }

    /// <summary>What an address belongs to: a symbol, an object of a slab cache, a task's stack, a mapped area, a page ...</summary>
    /// <param name="address">Any address.</param>
    /// <param name="task">The task whose memory a user address is looked up in; null for none.</param>
    public AddressOrigin OriginOf(VirtualAddress address, KernelTask? task = null) =>
        (_finder ??= new AddressFinder(_kernel)).Find(address, task);

    /// <summary>The slab that an address of the direct map lies in.</summary>
    public bool TryFindSlab(VirtualAddress address, [NotNullWhen(true)] out Slab? slab)
    {
        slab = null;
        if (Pages is { } map && DirectMap.PhysicalOf(_kernel, address) is { } physical && map.FindHead(physical.Pfn) is { } page)
        {
            slab = page.ToSlab();
        }

        return slab is not null;
    }

    internal Slab? SlabOf(Pfn pfn, ReadOnlySpan<byte> page, PageFields fields)
    {
        _cachesByAddress ??= ReadCaches();
        return fields.IsSlab(page) && _cachesByAddress.TryGetValue(fields.SlabCache(page).Value, out SlabCache? cache)
            ? Slab.Create(_kernel, cache, pfn, page, fields) : null;
    }

    /// <summary>The slabs of one cache, or of all.</summary>
    internal IEnumerable<Slab> FindSlabs(SlabCache? wanted)
    {
        if (Pages is not { } map)
        {
            yield break;
        }

        foreach (MemoryNode node in Nodes)
        {
            if (node.FirstPage is not { } first || node.SpannedPages is not { } count)
            {
                continue;
            }

            foreach (PageRun run in map.Read(first, new Pfn(first.Value + (ulong)count)))
            {
                for (int i = 0; i < run.Count; i++)
                {
                    if (SlabOf(new Pfn(run.First.Value + (ulong)i), run.Bytes.AsSpan(i * map.Fields.Size, map.Fields.Size), map.Fields) is { } slab
                        && (wanted is null || slab.Cache.Object.Address == wanted.Object.Address))
                    {
                        yield return slab;
                    }
                }
            }
        }
    }

    private static T[] None<T>(KernelWalk<T> walk)
    {
        walk.Stop(WalkEnd.Damaged);
        return [];
    }

    private Dictionary<ulong, SlabCache> ReadCaches()
    {
        var caches = new Dictionary<ulong, SlabCache>();
        foreach (SlabCache cache in SlabCaches)
        {
            caches[cache.Object.Address.Value] = cache;
        }

        return caches;
    }

    private List<int> ReadNodes()
    {
        ulong count = _kernel.TryFindGlobal("nr_node_ids", "unsigned int", out KernelObject? ids) && ids.Unsigned is { } known ? known : 1;
        var nodes = new List<int>();
        for (int number = 0; number < (int)Math.Min(count, MostNodes); number++)
        {
            if (NodeObject(number) is not null)
            {
                nodes.Add(number);
            }
        }

        return nodes;
    }

    private KernelObject? NodeObject(int number)
    {
        if (_kernel.TryFindGlobal("node_data", "struct pglist_data *", out KernelObject? table))
        {
            KernelObject place = table.At(table.Type, table.Address + new ByteCount((ulong)number * 8));
            return place.Pointer is { Value: not 0 } ? place.Target : null;
        }

        return number == 0 && _kernel.TryFindGlobal("contig_page_data", "struct pglist_data", out KernelObject? only) ? only : null;
    }
}
