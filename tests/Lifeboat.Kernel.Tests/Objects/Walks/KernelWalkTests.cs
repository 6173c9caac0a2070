using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.Objects.Walks;

public sealed class KernelWalkTests
{
    private const int Most = 1000;

    private readonly ObjectWorld _world = new();

    [Fact]
    public void A_ring_gives_each_element_once_and_not_its_head()
    {
        (KernelObject head, KernelObject[] items) = Ring(5);
        KernelWalk<KernelObject> walk = LinkedLists.Ring(head, Most);
        Assert.Equal(items.Select(static item => item.Address), Addresses(walk));
        Assert.Equal(WalkEnd.Complete, walk.End);
        Assert.Equal(5, walk.Count());
    }

    [Fact]
    public void A_chain_ends_with_null()
    {
        KernelObject head = _world.New("struct hlist_head");
        KernelObject[] items = [.. Enumerable.Range(0, 3).Select(_ => _world.New("struct item"))];
        _world.Set(head["first"], items[0]["chained"]);
        _world.Set(items[0]["chained"]["next"], items[1]["chained"]);
        _world.Set(items[1]["chained"]["next"], items[2]["chained"]);
        KernelWalk<KernelObject> walk = LinkedLists.Chain(head, Most);
        Assert.Equal(items.Select(static item => item["chained"].Address), Addresses(walk));
        Assert.Equal(WalkEnd.Complete, walk.End);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(39)]
    public void A_circle_that_leaves_out_the_head_is_noticed(int back)
    {
        (KernelObject head, KernelObject[] items) = Ring(40);
        _world.Set(items[^1]["link.next"], items[back]["link"]);
        KernelWalk<KernelObject> walk = LinkedLists.Ring(head, int.MaxValue);
        Assert.InRange(walk.Count(), 40, 200);
        Assert.Equal(WalkEnd.Loop, walk.End);
    }

    [Fact]
    public void A_link_into_nothing_ends_the_walk_with_a_fault()
    {
        (KernelObject head, KernelObject[] items) = Ring(4);
        _world.Set(items[1]["link.next"], 0xdead_0000_0000_0100);
        KernelWalk<KernelObject> walk = LinkedLists.Ring(head, Most);
        Assert.Equal(3, walk.Count());
        Assert.Equal((WalkEnd.Unreadable, MemoryFaultReason.Unmapped), (walk.End, walk.Fault.Reason));
    }

    [Fact]
    public void A_walk_gives_no_more_than_the_limit()
    {
        (KernelObject head, _) = Ring(9);
        KernelWalk<KernelObject> walk = LinkedLists.Ring(head, 4).Select(static item => item);
        Assert.Equal(4, walk.Count());
        Assert.Equal(WalkEnd.TooMany, walk.End);
    }

    [Fact]
    public void A_tree_is_given_in_order()
    {
        KernelObject root = _world.New("struct rb_root_cached");
        KernelObject[] items = [.. Enumerable.Range(0, 7).Select(_ => _world.New("struct item"))];
        _world.Set(root["rb_root.rb_node"], items[3]["node"]);
        foreach ((int parent, string side, int child) in ((int, string, int)[])[
            (3, "rb_left", 1), (1, "rb_left", 0), (1, "rb_right", 2), (3, "rb_right", 5), (5, "rb_left", 4), (5, "rb_right", 6)])
        {
            _world.Set(items[parent]["node"][side], items[child]["node"]);
            _world.Set(items[child]["node.__rb_parent_color"], items[parent]["node"].Address.Value | 1);
        }

        KernelWalk<KernelObject> walk = RedBlackTrees.Nodes(root, Most);
        Assert.Equal(items.Select(static item => item["node"].Address), Addresses(walk));
        Assert.Equal(WalkEnd.Complete, walk.End);

        // Two ways to one node would be walked again and again, further down twice as often.
        _world.Set(items[4]["node.rb_left"], items[1]["node"]);
        Assert.Equal(4, walk.Count());
        Assert.Equal(WalkEnd.Damaged, walk.End);
    }

    [Fact]
    public void An_xarray_gives_what_is_stored_by_number()
    {
        KernelObject array = _world.New("struct xarray");
        KernelObject top = _world.New("struct xa_node");
        KernelObject below = _world.New("struct xa_node");
        _world.Set(array["xa_head"], top.Address.Value | 2);
        _world.Set(top["shift"], 6);
        _world.Set(top["slots"][1], below.Address.Value | 2);
        _world.Set(top["slots"][3], 0x1000);
        _world.Set(below["slots"][5], 0x2000);
        _world.Set(below["slots"][6], (5 << 2) | 2); // a sibling of slot 5
        _world.Set(below["slots"][63], 0x3001); // a value
        KernelWalk<IndexedEntry> walk = XArrays.Entries(array, _world.Types["xa_node"], Most);
        Assert.Equal([(69UL, 0x2000UL), (127UL, 0x3001UL), (192UL, 0x1000UL)], walk.Select(static e => (e.First, e.Entry.Value)).AsEnumerable());
        Assert.Equal(WalkEnd.Complete, walk.End);
        _world.Set(below["slots"][7], top.Address.Value | 2);
        Assert.Equal(3, walk.Count());
        Assert.Equal(WalkEnd.Damaged, walk.End);
    }

    [Fact]
    public void A_maple_tree_gives_what_is_stored_by_ranges()
    {
        KernelObject tree = _world.New("struct maple_tree");
        KernelObject top = _world.NewAligned("struct maple_node", 256);
        KernelObject leaf = _world.NewAligned("struct maple_node", 256);
        KernelObject last = _world.NewAligned("struct maple_node", 256);
        _world.Set(tree["ma_root"], top.Address.Value | (3 << 3) | 2);
        _world.Set(top["ma64.pivot"][0], 99);
        _world.Set(top["ma64.pivot"][1], ulong.MaxValue);
        _world.Set(top["ma64.slot"][0], leaf.Address.Value | (1 << 3) | 4);
        _world.Set(top["ma64.slot"][1], last.Address.Value | (1 << 3) | 4);
        _world.Set(leaf["mr64.pivot"][0], 9);
        _world.Set(leaf["mr64.slot"][0], 0x1000);
        _world.Set(leaf["mr64.pivot"][1], 19);
        _world.Set(leaf["mr64.slot"][2], 0x2000);
        _world.Set(last["mr64.pivot"][0], 100);
        _world.Set(last["mr64.slot"][0], 0x3000);
        KernelWalk<IndexedEntry> walk = MapleTrees.Entries(tree, _world.Types["maple_node"], Most);
        Assert.Equal(
            [(0UL, 9UL, 0x1000UL), (20UL, 99UL, 0x2000UL), (100UL, 100UL, 0x3000UL)],
            walk.Select(static e => (e.First, e.Last, e.Entry.Value)).AsEnumerable());
        Assert.Equal(WalkEnd.Complete, walk.End);
    }

    [Fact]
    public void A_maple_tree_that_holds_itself_comes_to_an_end()
    {
        KernelObject tree = _world.New("struct maple_tree");
        KernelObject node = _world.NewAligned("struct maple_node", 256);
        _world.Set(tree["ma_root"], node.Address.Value | (2 << 3) | 2);
        for (int slot = 0; slot < 15; slot++)
        {
            _world.Set(node["mr64.pivot"][slot], (ulong)slot);
            _world.Set(node["mr64.slot"][slot], node.Address.Value | (2 << 3) | 2);
        }

        KernelWalk<IndexedEntry> walk = MapleTrees.Entries(tree, _world.Types["maple_node"], Most);
        Assert.Empty(walk);
        Assert.NotEqual(WalkEnd.Complete, walk.End);
    }

    private static IEnumerable<VirtualAddress> Addresses(IEnumerable<KernelObject> objects) =>
        objects.Select(static item => item.Address);

    private (KernelObject Head, KernelObject[] Items) Ring(int count)
    {
        KernelObject head = _world.New("struct list_head");
        KernelObject[] items = [.. Enumerable.Range(0, count).Select(_ => _world.New("struct item"))];
        _world.Set(head["next"], items[0]["link"]);
        for (int i = 0; i < count; i++)
        {
            _world.Set(items[i]["link.next"], i + 1 < count ? items[i + 1]["link"] : head);
        }

        return (head, items);
    }
}
