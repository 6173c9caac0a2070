using System.Globalization;
using Lifeboat.Kernel.Tasks;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.Samples;

/// <summary>The programs in samples/, run on real dumps.</summary>
public sealed class SampleTests
{
    [Fact]
    public void SlabCaches_names_the_cache_that_the_kernel_counted_most_slabs_of()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            string[] lines = Run("SlabCaches", path);
            long first = long.Parse(lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

            // name, objects in use, objects, their size, of a slab: objects, pages; what follows counts slabs.
            (string Name, long KiB) largest = truth.Rows("slabinfo", headings: 2)
                .Select(row => (row[0], Number(row[14]) * Number(row[5]) * 4)).MaxBy(cache => cache.Item2);
            Assert.EndsWith("  " + largest.Name, lines[1], StringComparison.Ordinal);
            Assert.InRange(first, largest.KiB - 512, largest.KiB + 512);

            // Nothing grows between a dump and itself.
            Assert.All(
                Run("SlabCaches", path, path).Skip(1),
                line => Assert.Equal("0", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        }
    }

    [Fact]
    public void MutexHolder_says_so_when_nobody_holds_a_mutex()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        Assert.All(dumps, path => Assert.Equal(["nobody holds cgroup_mutex"], Run("MutexHolder", path, "cgroup_mutex")));
        Assert.All(dumps, path => Assert.Equal(["no task waits for a mutex"], Run("MutexHolder", path)));
    }

    [Fact]
    public void BlockedTasks_lists_the_tasks_that_nothing_else_can_wake()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var dump = CrashDump.Open(path);
            KernelTask[] blocked = [.. dump.Kernel.Tasks.Where(task => task.State == TaskState.Uninterruptible)];
            string[] lines = Run("BlockedTasks", path, "0");
            Assert.Equal($"{blocked.Length} tasks have been blocked for 0 s or longer", lines[0]);
            Assert.All(blocked, task => Assert.Contains(lines, line => line.StartsWith($"{task}: ", StringComparison.Ordinal)));
            Assert.Equal(["0 tasks have been blocked for 3600 s or longer"], Run("BlockedTasks", path, "3600"));

            // One that waits for its child to start.
            if (blocked.Any(task => task.Name == "lb-vfork"))
            {
                Assert.Contains(lines, line => line.Contains("kernel_clone, on a Completion at 0x", StringComparison.Ordinal));
            }
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Run(string sample, params string[] arguments)
    {
        // artifacts/bin/PROJECT/CONFIGURATION/
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(AppContext.BaseDirectory, "..", "..", sample, configuration, sample + ".dll");
        return Tools.Run(Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet", [program, .. arguments])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
