using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>A small kernel with one of everything that the kernel links objects by.</summary>
internal static class LinkedWorld
{
    internal static FakeWorld Create()
    {
        var world = new FakeWorld();
        AddArray(world);
        AddRanges(world);
        AddNodes(world);
        AddMemory(world);
        AddModules(world);
        return world;
    }

    /// <summary><c>numbers</c>: an xarray two nodes high.</summary>
    private static void AddArray(FakeWorld world)
    {
        ulong array = world.New("struct xarray", "numbers");
        ulong top = world.New("struct xa_node");
        world.Set(array, "struct xarray", "xa_head", top + 2);
        world.Set(top, "struct xa_node", "shift", 6);
        ulong slots = world.Place(top, "struct xa_node", "slots");
        for (ulong i = 0; i < 3; i++)
        {
            ulong leaf = world.New("struct xa_node");
            world.WriteLong(slots + (8 * i), leaf + 2);
            ulong entries = world.Place(leaf, "struct xa_node", "slots");
            world.WriteLong(entries, world.InitTask);
            world.WriteLong(entries + 64, (i << 1) | 1);
        }
    }

    /// <summary><c>ranges</c>: a maple tree two nodes high.</summary>
    private static void AddRanges(FakeWorld world)
    {
        const ulong Range64 = (2 << 3) | 2;
        const ulong Leaf64 = (1 << 3) | 2;
        ulong tree = world.New("struct maple_tree", "ranges");
        ulong top = (world.New("struct maple_node", count: 3) + 255) & ~255UL;
        ulong leaf = top + 256;
        world.Set(tree, "struct maple_tree", "ma_root", top + Range64 + 4);
        ulong pivots = world.Place(0, "struct maple_node", "mr64.pivot");
        ulong slots = world.Place(0, "struct maple_node", "mr64.slot");
        world.WriteLong(top + pivots, 1000);
        world.WriteLong(top + slots, leaf + Leaf64);
        world.WriteLong(leaf + pivots, 10);
        world.WriteLong(leaf + slots, world.InitTask);
        world.WriteLong(leaf + pivots + 8, 20);
        world.WriteLong(leaf + slots + 8, world.Worker);
    }

    private static void AddMemory(FakeWorld world)
    {
        ulong memory = world.New("struct mm_struct");
        world.Set(memory, "struct mm_struct", "total_vm", 1000);
        world.Set(world.InitTask, "struct task_struct", "mm", memory);
        world.Set(world.Worker, "struct task_struct", "mm", memory);
    }

    private static void AddModules(FakeWorld world)
    {
        ulong[] modules = [world.New("struct module"), world.New("struct module")];
        foreach (ulong module in modules)
        {
            world.WriteText(world.Place(module, "struct module", "name"), $"module{module % 97}");
            world.Set(module, "struct module", "core_layout.size", 4096);
        }

        world.Ring(world.Modules, [.. modules.Select(module => world.Place(module, "struct module", "list"))]);
    }

    /// <summary><c>nodes</c>: a red-black tree of three.</summary>
    private static void AddNodes(FakeWorld world)
    {
        ulong root = world.New("struct rb_root", "nodes");
        ulong top = world.New("struct sched_entity");
        ulong left = world.New("struct sched_entity");
        ulong right = world.New("struct sched_entity");
        ulong node = world.Place(top, "struct sched_entity", "run_node");
        world.WriteLong(root, node);
        foreach ((ulong child, string side) in new[] { (left, "rb_left"), (right, "rb_right") })
        {
            ulong place = world.Place(child, "struct sched_entity", "run_node");
            world.Set(node, "struct rb_node", side, place);
            world.Set(place, "struct rb_node", "__rb_parent_color", node);
        }
    }
}
