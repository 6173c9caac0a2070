namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>
/// Gives the task <c>worker</c> of a <see cref="FakeWorld"/> user memory: an area of four pages, one in RAM, one in a swap area, one that may
/// not be touched, one that never was.
/// </summary>
internal sealed class FakeProcess
{
    internal const ulong Start = 0x400000;
    internal const ulong End = 0x404000;
    private const ulong TablesAt = 0x1e0000;
    private const ulong Physical = 0x1000000;
    private const ulong Present = 0x67;

    internal FakeProcess(FakeWorld world)
    {
        ulong memory = world.New("struct mm_struct");
        Area = world.New("struct vm_area_struct");
        world.Set(world.Worker, "struct task_struct", "mm", memory);
        world.Set(memory, "struct mm_struct", "pgd", FakeWorld.Start + TablesAt);
        world.Set(memory, "struct mm_struct", "total_vm", 4);
        world.Set(memory, "struct mm_struct", "brk", Start);
        world.Set(memory, "struct mm_struct", "start_brk", End);
        world.Set(Area, "struct vm_area_struct", "vm_start", Start);
        world.Set(Area, "struct vm_area_struct", "vm_end", End);
        world.Set(Area, "struct vm_area_struct", "vm_flags", 0x73);
        world.Set(Area, "struct vm_area_struct", "vm_pgoff", Start / 4096);
        AddTree(world, memory);

        // Four tables, a page each: of the second entry of the third one on lie the addresses from 4 MiB on.
        for (ulong level = 0; level < 3; level++)
        {
            ulong index = level == 2 ? 2UL : 0;
            world.WriteLong(FakeWorld.Start + TablesAt + (level * 4096) + (index * 8), Physical + TablesAt + ((level + 1) * 4096) + Present);
        }

        Pages = FakeWorld.Start + TablesAt + (3 * 4096);
        ulong data = Physical + TablesAt + (4 * 4096);
        world.WriteLong(Pages, data + Present);
        world.WriteLong(Pages + 8, (0UL << 59) | ((~5UL & ((1UL << 50) - 1)) << 9));
        world.WriteLong(Pages + 16, (~data & 0x000f_ffff_ffff_f000) | 0x100);
        world.WriteText(FakeWorld.Start + TablesAt + (4 * 4096), "user memory here");
        ulong swap = world.New("struct swap_info_struct");
        world.WriteLong(world.New("unsigned long", "swap_info"), swap);
        world.WriteLong(world.New("unsigned long", "nr_swapfiles"), 1);
        world.Set(swap, "struct swap_info_struct", "flags", 3);
        world.Set(swap, "struct swap_info_struct", "pages", 100);
        world.Set(swap, "struct swap_info_struct", "inuse_pages", 25);
    }

    internal ulong Area { get; }

    /// <summary>The lowest table.</summary>
    internal ulong Pages { get; }

    private void AddTree(FakeWorld world, ulong memory)
    {
        ulong node = (world.New("struct maple_node", null, 2) + 255) & ~255UL;
        world.WriteLong(world.Place(memory, "struct mm_struct", "mm_mt.ma_root"), node + 8 + 2);
        world.WriteLong(node, Start - 1);
        world.WriteLong(node + 8, End - 1);
        world.WriteLong(world.Place(node, "struct maple_node", "mr64.slot") + 8, Area);
    }
}
