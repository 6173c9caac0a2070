using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Tasks;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.Memory;

/// <summary>
/// Memory as the guest's own /proc had it just before the crash. Between the record and the crash init wrote the record to
/// disk, through the page cache and with buffers of its own: what that moves may differ by so much, all else not at all.
/// </summary>
public sealed class MemoryRecordTests(ITestOutputHelper output)
{
    private const long WrittenPages = 2048;

    [Fact]
    public void Totals_are_those_of_meminfo()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            IReadOnlyDictionary<string, string> record = truth.Fields("meminfo");
            MemoryTotals totals = kernel.Memory.Totals;
            foreach ((string name, ByteCount? found) in ((string, ByteCount?)[])[
                ("MemTotal", totals.Total), ("SwapTotal", totals.Swap), ("SwapFree", totals.SwapFree), ("SwapCached", totals.SwapCached),
                ("CommitLimit", totals.CommitLimit), ("Hugetlb", totals.Huge)])
            {
                Assert.Equal($"{truth.Release} {name} {record[name]}", $"{truth.Release} {name} {found?.Value / 1024} kB");
            }

            foreach ((string name, ByteCount? found) in ((string, ByteCount?)[])[
                ("MemFree", totals.Free), ("MemAvailable", totals.Available), ("Buffers", totals.Buffers), ("Cached", totals.Cached),
                ("Shmem", totals.Shared), ("AnonPages", totals.Anonymous), ("SReclaimable", totals.SlabReclaimable),
                ("SUnreclaim", totals.SlabUnreclaimable), ("Slab", totals.Slab), ("PageTables", totals.PageTables),
                ("KernelStack", totals.Stacks), ("Committed_AS", totals.Committed)])
            {
                long kilobytes = long.Parse(record[name].Split(' ')[0], CultureInfo.InvariantCulture);
                long ours = (long)found!.Value.Value / 1024;
                Assert.True(Math.Abs(ours - kilobytes) <= WrittenPages * 4, $"{truth.Release}: {name} {ours} kB, recorded {kilobytes}");
            }
        }
    }

    [Fact]
    public void Slab_caches_are_those_of_slabinfo()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            var record = truth.Rows("slabinfo", 2).ToDictionary(row => row[0], row => row, StringComparer.Ordinal);
            SlabCache[] caches = [.. kernel.Memory.SlabCaches];
            Assert.Equal(record.Keys.Order(StringComparer.Ordinal), caches.Select(cache => cache.Name).Order(StringComparer.Ordinal));
            var same = 0;
            foreach (SlabCache cache in caches)
            {
                string[] row = record[cache.Name!];
                SlabUsage usage = cache.Usage;
                Assert.False(usage.IsDamaged, $"{truth.Release}: {cache}");

                // slabinfo's size is the one from an object to the next, and it counts what CPUs keep ready as in use.
                Assert.Equal((row[3], row[5]), (Text(cache.SlotSize!.Value.Value), Text(cache.SlabSize!.Value.Value / Pfn.PageSize)));
                long[] counts = [usage.Objects - usage.FreeInNodes, usage.Objects, usage.Slabs];
                long[] recorded = [Number(row[1]), Number(row[2]), Number(row[14])];
                same += counts.SequenceEqual(recorded) ? 1 : 0;
                Assert.True(
                    Math.Abs(counts[0] - recorded[0]) <= Math.Max(600, recorded[0] / 4),
                    $"{truth.Release}: {cache} {string.Join(' ', counts)}, recorded {string.Join(' ', recorded)}");
            }

            output.WriteLine($"{truth.Release}: {caches.Length} caches, {same} the same to the object");
            Assert.InRange(same, caches.Length - 8, caches.Length);
        }
    }

    [Fact]
    public void Zones_are_those_of_zoneinfo()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            string[] wanted = ["min", "low", "high", "spanned", "present", "managed"];
            string[] record = [.. truth.Rows("zoneinfo", 0).Where(row => row.Length == 2 && wanted.Contains(row[0])).Select(row => string.Join(' ', row))];
            string[] found = [.. kernel.Memory.Nodes.SelectMany(node => node.Zones).Where(zone => zone.Name != "Device" || record.Length == 30).SelectMany(zone => (string[])
            [
                $"min {zone.MinimumFree}", $"low {zone.LowFree}", $"high {zone.HighFree}", $"spanned {zone.SpannedPages}",
                $"present {zone.PresentPages}", $"managed {zone.ManagedPages}",
            ])];
            Assert.Equal(record, found.Take(record.Length));
            Assert.InRange(record.Length, 12, 30);
        }
    }

    [Fact]
    public void Free_blocks_are_those_of_buddyinfo_but_for_pages_taken_since()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            foreach (string[] row in truth.Rows("buddyinfo", 0))
            {
                MemoryZone zone = kernel.Memory.Nodes[0].Zones.Single(zone => zone.Name == row[3]);
                long[] blocks = [.. row.Skip(4).Select(Number)];
                Assert.Equal(blocks.Length, zone.FreeAreas.Count);
                long recorded = blocks.Select((count, order) => count << order).Sum();
                long found = zone.FreeAreas.Sum(area => area.BlockCount!.Value << area.Order);
                Assert.InRange(found, recorded - WrittenPages, recorded + WrittenPages);
            }
        }
    }

    [Fact]
    public void Areas_of_processes_are_those_of_maps()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            (int processes, int differences) = (0, 0);
            foreach (KernelTask task in kernel.Tasks.Where(task => task.Pid == task.ProcessId && task.Memory is not null))
            {
                string[] record = [.. truth.Lines($"{task.Pid}/maps").Where(line => !line.EndsWith("[vsyscall]", StringComparison.Ordinal)).Select(Area)];
                string[] found = [.. task.Memory!.Areas.Select(area =>
                    $"{area.Start!.Value.Value:x8}-{area.End!.Value.Value:x8} {area.Permissions} {area.Offset!.Value.Value:x8} {area.Name}")];
                if (record.Length == 0)
                {
                    continue;
                }

                // The process that records has gone on since, and every other one waits.
                differences += task.Pid == 1 ? record.Except(found).Count() : 0;
                processes++;
                Assert.True(task.Pid == 1 || record.SequenceEqual(found), $"{truth.Release} {task}:\n{string.Join('\n', found.Except(record))}\nrecorded:\n{string.Join('\n', record.Except(found))}");
            }

            output.WriteLine($"{truth.Release}: {processes} processes, {differences} areas of init's changed since");
            Assert.InRange(processes, 2, 100);
            Assert.InRange(differences, 0, 20);
        }
    }

    [Fact]
    public void Mapped_areas_are_those_of_vmallocinfo_by_size_and_caller()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            // Addresses are not told to everyone, and stacks of threads come and go.
            List<string> record = [.. truth.Rows("vmallocinfo", 0).Where(row => row.Length > 2).Select(row => $"{row[1]} {row[2].Split('+')[0]}")];
            string[] found = [.. kernel.Memory.VmallocAreas.Where(area => area.Caller is not null).Select(area =>
                $"{area.Size.Value} {(kernel.Names.TryFind(area.Caller!.Value, out SymbolPlace? place) ? place.Symbol.Name : "")}")];
            int missing = found.Count(line => !record.Remove(line));
            output.WriteLine($"{truth.Release}: {found.Length} areas, {missing} not recorded, {record.Count} recorded and gone");
            Assert.InRange(missing + record.Count, 0, 12);
            Assert.InRange(found.Length, 100, 5000);
        }
    }

    [Fact]
    public void Swap_areas_are_those_of_swaps()
    {
        foreach ((CrashedKernel kernel, TruthFiles truth) in Dumps())
        {
            Assert.Equal(
                truth.Rows("swaps").Select(row => string.Join(' ', row)),
                kernel.Memory.SwapAreas.Select(area =>
                    $"{area.Path} {(area.IsPartition == true ? "partition" : "file")} {area.Size?.Value / 1024} {area.Used?.Value / 1024} {area.Priority}"));
        }
    }

    private static IEnumerable<(CrashedKernel Kernel, TruthFiles Truth)> Dumps()
    {
        foreach ((string path, TruthFiles truth) in TruthFiles.Require(TestDumps.Find(".elf")))
        {
            using var dump = CrashDump.Open(path);
            yield return (dump.Kernel, truth);
        }
    }

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // START-END PERMISSIONS OFFSET DEVICE INODE NAME
    private static string Area(string line)
    {
        string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        return $"{words[0]} {words[1]} {words[2]} {(words.Length > 5 ? words[5].Trim() : "")}";
    }
}
