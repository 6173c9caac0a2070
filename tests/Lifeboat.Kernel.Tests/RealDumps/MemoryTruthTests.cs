using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>What is counted of memory, against /proc/meminfo and /proc/vmstat of the guest itself.</summary>
public sealed class MemoryTruthTests(ITestOutputHelper output)
{
    // Between the record and the crash the record is written to disk: about 4 MiB through the page cache.
    private const long WrittenSince = 2048;

    [Fact]
    public void Totals_are_what_the_kernel_said()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);
            IReadOnlyDictionary<string, string> expected = truth.Fields("meminfo");
            Assert.Equal(expected["MemTotal"], KiB(dump, "_totalram_pages", "atomic_long_t"));
            Assert.Equal(expected["SwapTotal"], KiB(dump, "total_swap_pages", "long"));
            Assert.Equal(expected["SwapFree"], KiB(dump, "nr_swap_pages", "atomic_long_t"));
        }
    }

    [Fact]
    public void Counters_of_pages_are_what_the_kernel_said_but_for_what_was_written_since()
    {
        foreach ((string path, TruthFiles truth) in Dumps())
        {
            using var dump = CrashDump.Open(path);
            IReadOnlyDictionary<string, string> expected = truth.Fields("vmstat");
            (int compared, int same) = (0, 0);
            foreach ((string global, string type) in ((string, string)[])[("vm_zone_stat", "enum zone_stat_item"), ("vm_node_stat", "enum node_stat_item")])
            {
                KernelType names = dump.Kernel.Type(type);
                Assert.True(dump.Kernel.TryFindGlobal(global, "atomic_long_t", out KernelObject? first));
                for (int i = 0; names.NameOf(i) is { } name; i++)
                {
#pragma warning disable CA1308 // the kernel's own names are in small letters
                    if (expected.TryGetValue(name.ToLowerInvariant(), out string? text))
#pragma warning restore CA1308
                    {
                        long wanted = long.Parse(text, CultureInfo.InvariantCulture);
                        long ours = first.At(first.Type, first.Address + new ByteCount((ulong)i * 8))["counter"].Signed!.Value;
                        Assert.True(Math.Abs(wanted - ours) <= WrittenSince, $"{Path.GetFileName(path)}: {name} {ours}, {wanted}");
                        compared++;
                        same += wanted == ours ? 1 : 0;
                    }
                }
            }

            output.WriteLine($"{Path.GetFileName(path)}: {compared} counters compared, {same} the same to the page");
            Assert.InRange(compared, 30, 200);
            Assert.InRange(same, compared / 2, compared);
        }
    }

    private static IReadOnlyList<(string Dump, TruthFiles Truth)> Dumps() =>
        TruthFiles.Require([.. TestDumps.Find(".elf"), .. TestDumps.Find(".filtered")]);

    private static string KiB(CrashDump dump, string name, string type)
    {
        Assert.True(dump.Kernel.TryFindGlobal(name, type, out KernelObject? pages), name);
        long count = (pages.TryGet("counter", out KernelObject? counter) ? counter : pages).Signed!.Value;
        return string.Create(CultureInfo.InvariantCulture, $"{count * (Pfn.PageSize >> 10)} kB");
    }
}
