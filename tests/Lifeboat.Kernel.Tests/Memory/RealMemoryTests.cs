using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.Memory;

/// <summary>Memory of Debian's kernels, counted in two ways that share nothing: by the kernel's counters, and by looking at every page.</summary>
public sealed class RealMemoryTests
{
    [Fact]
    public void Every_slab_cache_has_the_slabs_and_objects_in_use_that_its_pages_show()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            KernelMemory memory = dump.Kernel.Memory;
            var slabs = new Dictionary<string, (long Slabs, long Objects, long Used)>(StringComparer.Ordinal);
            foreach (Slab slab in memory.Slabs)
            {
                int used = Enumerable.Range(0, slab.ObjectCount).Count(slab.IsAllocated);
                (long count, long objects, long allUsed) = slabs.GetValueOrDefault(slab.Cache.Object.ToString());
                slabs[slab.Cache.Object.ToString()] = (count + 1, objects + slab.ObjectCount, allUsed + used);
                Assert.False(slab.IsDamaged, $"{path}: {slab.Cache} {slab.Start}");
            }

            KernelWalk<SlabCache> caches = memory.SlabCaches;
            var different = new List<string>();
            foreach (SlabCache cache in caches)
            {
                SlabUsage usage = cache.Usage;
                (long, long, long) pages = slabs.GetValueOrDefault(cache.Object.ToString());
                Assert.False(usage.IsDamaged, $"{path}: {cache}");
                if (pages != (usage.Slabs, usage.Objects, usage.Allocated))
                {
                    different.Add($"{cache}: pages {pages}, counters {usage}");
                }
            }

            Assert.Equal(WalkEnd.Complete, caches.End);
            Assert.InRange(caches.Count(), 100, 500);
            Assert.True(different.Count == 0, $"{path}:\n{string.Join('\n', different)}");
        }
    }

    [Fact]
    public void Free_blocks_make_up_the_free_pages_of_each_zone()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            KernelMemory memory = dump.Kernel.Memory;
            long all = 0;
            foreach (MemoryZone zone in memory.Nodes.SelectMany(node => node.Zones))
            {
                long sum = 0;
                foreach (FreeArea area in zone.FreeAreas)
                {
                    long blocks = 0;
                    for (int kind = 0; kind < area.Kinds.Count; kind++)
                    {
                        KernelWalk<VirtualAddress> list = area.Blocks(kind);
                        foreach (VirtualAddress block in list)
                        {
                            Assert.True(memory.Pages!.TryFindPfn(block, out Pfn pfn));
                            PhysicalPage page = memory.Pages.Find(pfn)!;
                            Assert.True(page.IsFree && page.FreeOrder == area.Order, $"{path}: {page}");
                            blocks++;
                        }

                        Assert.Equal(WalkEnd.Complete, list.End);
                    }

                    Assert.Equal(area.BlockCount, blocks);
                    sum += blocks << area.Order;
                }

                // CPUs fold what they counted into the totals now and then only.
                Assert.InRange(zone.FreePages!.Value, sum - 500, sum + 500);
                all += sum;
            }

            // How much is free at the crash differs from guest to guest: some, and not all of 512 MiB.
            Assert.InRange(all, 1000, 131_072);
            Assert.InRange((long)memory.Totals.Free!.Value.Value / Pfn.PageSize, all - 1000, all + 1000);
        }
    }

    [Fact]
    public void A_process_has_as_many_areas_as_the_kernel_counted_and_its_program_begins_as_one()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            int processes = 0;
            foreach (KernelTask task in dump.Kernel.Tasks)
            {
                if (task.Memory is not { } memory)
                {
                    continue;
                }

                KernelWalk<UserArea> areas = memory.Areas;
                Assert.Equal(memory.Object["map_count"].Signed, areas.Count());
                Assert.Equal(WalkEnd.Complete, areas.End);
                ulong pages = areas.Aggregate(0UL, (sum, area) => sum + ((area.End!.Value.Value - area.Start!.Value.Value) / Pfn.PageSize));
                Assert.Equal(memory.VirtualPages, (long)pages);
                Assert.Contains(areas, area => area.Name == "[stack]");
                Assert.Contains(areas, area => area.Name == "[vdso]");
                UserArea program = areas.First(area => area.File is not null && area.Offset == new FileOffset(0) && area.Permissions == "r--p");
                Assert.StartsWith("/", program.Name, StringComparison.Ordinal);
                byte[] start = new byte[4];
                Assert.Equal(4, memory.Space!.Read(program.Start!.Value, start, out _));
                Assert.Equal("\u007fELF"u8, start);
                processes++;
            }

            Assert.InRange(processes, 2, 1000);
        }
    }

    [Fact]
    public void The_pages_that_are_mapped_are_those_that_the_process_is_said_to_have()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            ProcessMemory memory = dump.Kernel.CrashedTask!.Memory!;
            long found = 0;
            foreach (UserArea area in memory.Areas)
            {
                ulong flags = area.Flags!.Value;
                for (ulong place = area.Start!.Value.Value; place < area.End!.Value.Value;)
                {
                    UserPage page = memory.PageAt(new VirtualAddress(place));
                    ulong size = page.State == UserPageState.Nothing ? page.Size.Value : Math.Min(page.Size.Value, 2UL << 20);

                    // Pages of devices, of the kernel's own and of hugetlbfs do not count (VM_PFNMAP, VM_IO, VM_MIXEDMAP, VM_HUGETLB).
                    bool counts = page.Physical is not null && (flags & 0x1040_4400) == 0
                        && dump.Kernel.Memory.Pages!.FindHead(page.Physical.Value.Pfn) is { } head && !head.FlagNames.Contains("reserved", StringComparison.Ordinal);
                    found += counts ? (long)(size / Pfn.PageSize) : 0;
                    place = (place + size) & ~(size - 1);
                }
            }

            // Until 6.1 each thread counts up to 64 pages for itself before it tells.
            Assert.InRange(memory.ResidentPages!.Value, found - 1024, found + 1024);
            Assert.InRange(found, 2000, 60_000);
        }
    }

    [Fact]
    public void Says_what_addresses_are()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            CrashedKernel kernel = dump.Kernel;
            KernelMemory memory = kernel.Memory;
            foreach (KernelTask task in kernel.Tasks.Where(task => task.Pid != 0))
            {
                AddressOrigin origin = memory.OriginOf(task.Address + new ByteCount(8));
                Assert.Equal((AddressKind.SlabObject, true, task.Address), (origin.Kind, origin.IsAllocated, origin.ObjectStart));
                Assert.Equal("task_struct", origin.Slab!.Cache.Name);
                if (task.StackBase == VirtualAddress.Null)
                {
                    continue; // it has ended
                }

                AddressOrigin stack = memory.OriginOf(task.StackBase!.Value + new ByteCount(100));
                Assert.Equal((AddressKind.TaskStack, task.Pid), (stack.Kind, stack.Task?.Pid));
            }

            Assert.True(kernel.TryFindPerCpu("runqueues", 1, out var queue));
            AddressOrigin perCpu = memory.OriginOf(queue.Address + new ByteCount(8));
            Assert.Equal((AddressKind.PerCpu, 1, "runqueues"), (perCpu.Kind, perCpu.Cpu, perCpu.Symbol?.Symbol.Name));
            PhysicalPage page = memory.Pages!.Find(new Pfn(0x2000))!;
            AddressOrigin structure = memory.OriginOf(page.Address + new ByteCount(8));
            Assert.Equal((AddressKind.PageStructure, page.Pfn), (structure.Kind, structure.Page!.Pfn));
            Assert.Equal(AddressKind.Symbol, memory.OriginOf(kernel.Names.TryFind("init_task", out SymbolPlace? place) ? place.Symbol.Address : default).Kind);
            VmallocArea area = memory.VmallocAreas.First(found => found.Kind.Contains("ioremap", StringComparison.Ordinal));
            Assert.Equal(AddressKind.MappedArea, memory.OriginOf(area.Start).Kind);
            Assert.Equal(AddressKind.Module, memory.OriginOf(kernel.Modules.First().Text!.Value).Kind);
            Assert.Equal(AddressKind.NullPointer, memory.OriginOf(new VirtualAddress(0x18)).Kind);
            Assert.Equal(AddressKind.ErrorPointer, memory.OriginOf(new VirtualAddress(unchecked((ulong)-14))).Kind);
            Assert.Equal(AddressKind.NotCanonical, memory.OriginOf(new VirtualAddress(1UL << 62)).Kind);
        }
    }

    private static IReadOnlyList<string> Dumps()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        return dumps;
    }
}
