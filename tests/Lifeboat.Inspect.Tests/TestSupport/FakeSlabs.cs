namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>
/// Adds to a <see cref="FakeWorld"/> its map of memory, one zone with two free blocks, and a slab cache <c>things</c>: one slab of 64
/// objects of 64 bytes, of which three are free in the slab's list and two in a CPU's.
/// </summary>
internal sealed class FakeSlabs
{
    internal const ulong FirstPfn = 0x1000;
    internal const ulong Pages = 512;
    internal const int Objects = 64;
    internal const ulong ObjectSize = 64;
    private const ulong SlabAt = 0x1f0000;
    private const ulong Random = 0x1234_5678_9abc_def0;
    private const ulong SlabType = 0xf500_0000;

    private readonly FakeWorld _world;
    private readonly ulong _pageSize;

    internal FakeSlabs(FakeWorld world)
    {
        _world = world;
        world.Export("NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)", $"{SlabType}");

        // More than there are, so that what comes next does not share the last ones' page.
        PageMap = world.New("struct page", null, (int)Pages + 64);
        _pageSize = world.Size("struct page");
        world.WriteLong(world.New("unsigned long", "vmemmap_base"), PageMap - (FirstPfn * _pageSize));
        AddZone();
        AddCache();
    }

    /// <summary>The first struct page.</summary>
    internal ulong PageMap { get; }

    internal ulong Cache { get; private set; }

    internal ulong Partial { get; private set; }

    /// <summary>The first object, where the kernel sees it.</summary>
    internal static ulong FirstObject => FakeWorld.DirectMap + (FirstPfn * 4096) + SlabAt;

    internal ulong SlabPage => PageOf(FirstPfn + (SlabAt / 4096));

    internal static ulong ObjectAt(int index) => FirstObject + ((ulong)index * ObjectSize);

    internal ulong PageOf(ulong pfn) => PageMap + ((pfn - FirstPfn) * _pageSize);

    /// <summary>Links a free object to the next, as the kernel mixes it.</summary>
    internal void Link(int index, ulong next)
    {
        ulong place = ObjectAt(index);
        ulong mixed = next ^ Random ^ System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(place);
        _world.WriteLong(place - FirstObject + FakeWorld.Start + SlabAt, mixed);
    }

    private void AddZone()
    {
        ulong node = _world.New("struct pglist_data");
        _world.WriteLong(_world.New("unsigned long", "node_data"), node);
        _world.Set(node, "struct pglist_data", "node_start_pfn", FirstPfn);
        _world.Set(node, "struct pglist_data", "node_spanned_pages", Pages);
        _world.Set(node, "struct pglist_data", "node_present_pages", Pages);
        ulong zone = _world.Place(node, "struct pglist_data", "node_zones");
        ulong name = _world.New("char", null, 16);
        _world.WriteText(name, "Normal");
        _world.Set(zone, "struct zone", "name", name);
        _world.Set(zone, "struct zone", "zone_start_pfn", FirstPfn);
        _world.Set(zone, "struct zone", "spanned_pages", Pages);
        _world.Set(zone, "struct zone", "present_pages", Pages);
        _world.Set(zone, "struct zone", "managed_pages.counter", 400);
        ulong areas = _world.Place(zone, "struct zone", "free_area");
        for (ulong order = 0; order < 2; order++)
        {
            ulong area = areas + (order * _world.Size("struct free_area"));
            ulong block = _world.Place(PageOf(FirstPfn + 16 + (order * 16)), "struct page", "lru");
            _world.Ring(area, block);
            _world.Clear(area + 16);
            _world.Set(area, "struct free_area", "nr_free", 1);
        }
    }

    private void AddCache()
    {
        Cache = _world.New("struct kmem_cache");
        ulong name = _world.New("char", null, 16);
        _world.WriteText(name, "things");
        _world.Ring(_world.New("struct list_head", "slab_caches"), _world.Place(Cache, "struct kmem_cache", "list"));
        foreach ((string member, ulong value) in ((string, ulong)[])[
            ("size", ObjectSize), ("object_size", 60), ("oo.x", Objects), ("min.x", Objects), ("name", name), ("random", Random),
            ("cpu_slab", _world.Place(FakeWorld.RunQueues, "struct rq", "slabs"))])
        {
            _world.Set(Cache, "struct kmem_cache", member, value);
        }

        ulong node = _world.New("struct kmem_cache_node");
        _world.WriteLong(_world.Place(Cache, "struct kmem_cache", "node"), node);
        _world.Set(node, "struct kmem_cache_node", "nr_slabs.counter", 1);
        _world.Set(node, "struct kmem_cache_node", "total_objects.counter", Objects);
        Partial = _world.Place(node, "struct kmem_cache_node", "partial");
        _world.Ring(Partial, _world.Place(SlabPage, "struct page", "slab_list"));
        foreach ((string member, ulong value) in ((string, ulong)[])[
            ("slab_cache", Cache), ("page_type", SlabType), ("freelist", ObjectAt(5)), ("objects", Objects)])
        {
            _world.Set(SlabPage, "struct page", member, value);
        }

        _world.WriteLong(_world.Place(SlabPage, "struct page", "counters"), ((ulong)Objects << 16) + Objects - 3);
        _world.WriteLong(_world.Place(SlabPage, "struct page", "inuse"), ((ulong)Objects << 16) + Objects - 3);
        Link(5, ObjectAt(9));
        Link(9, ObjectAt(2));
        Link(2, 0);
        ulong queue = _world.Queue(1);
        _world.WriteLong(_world.Place(queue, "struct rq", "slabs.freelist"), ObjectAt(20));
        Link(20, ObjectAt(21));
        Link(21, 0);
    }
}
