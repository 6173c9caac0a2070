using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Trees of real kernels, whose nodes name their parents, are walked to their ends.</summary>
public sealed class RealTreesTests
{
    [Fact]
    public void Every_process_has_as_many_areas_in_its_maple_tree_as_it_counts()
    {
        int trees = 0;
        foreach (CrashDump dump in Dumps())
        {
            foreach (KernelTask task in dump.Kernel.Tasks)
            {
                if (task.UserMemory is not { } memory || !memory.TryGet("mm_mt", out KernelObject? tree))
                {
                    continue;
                }

                KernelWalk<IndexedEntry> areas = dump.Kernel.MapleTree(tree);
                Assert.Equal(memory["map_count"].Signed, areas.Count());
                Assert.Equal(WalkEnd.Complete, areas.End);
                trees++;
            }
        }

        Assert.InRange(trees, 3, int.MaxValue);
    }

    [Fact]
    public void The_tree_of_process_numbers_has_those_of_all_tasks()
    {
        foreach (CrashDump dump in Dumps())
        {
            CrashedKernel kernel = dump.Kernel;
            Assert.True(kernel.TryFindGlobal("init_pid_ns", "struct pid_namespace", out KernelObject? space));
            KernelWalk<IndexedEntry> entries = kernel.XArray(space["idr"]);
            var numbers = entries.Select(static entry => (long)entry.First).ToHashSet();
            Assert.Equal(WalkEnd.Complete, entries.End);
            Assert.All(kernel.Tasks.Where(static task => task.Pid > 0), task => Assert.Contains(task.Pid!.Value, numbers));
        }
    }

    private static IEnumerable<CrashDump> Dumps()
    {
        IReadOnlyList<string> paths = TestDumps.Find(".elf");
        Assert.SkipWhen(paths.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in paths)
        {
            using var dump = CrashDump.Open(path);
            yield return dump;
        }
    }
}
