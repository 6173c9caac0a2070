using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>Machines as they differ for a loader, each armed, crashed and captured.</summary>
public sealed class ArmedMachineTests
{
    private const string Jump = "starting the next kernel";

    private static readonly PhysicalAddress FourGiB = new(1UL << 32);

    // Reserved ranges of a page each, many more than boot_params has room for.
    private static readonly string ManyRanges = "memmap=" + string.Join(',', Enumerable.Range(0, 150).Select(i => $"4K${300 + (2 * i)}M"));

    /// <summary>Kernel, options of the drill, and the levels of page tables that the crashed kernel ran with.</summary>
    public static TheoryData<string, string, int> Machines => new()
    {
        { "6.1", "--cpus 4 --crash-cpu 3 --first-append nokaslr", 5 },
        { "6.1", "--memory 6G --crashkernel 256M,high --first-append no5lvl", 4 },
        { "6.12", "--memory 6G --crashkernel 256M,high --firmware uefi", 5 },
        { "6.12", "--reboot-first --firmware uefi", 5 },
    };

    /// <summary>The same, of which the others say most.</summary>
    public static TheoryData<string, string, int> MoreMachines => new()
    {
        { "6.12", "--cpus 1 --first-append no5lvl", 4 },
        { "6.1", "--firmware uefi", 5 },
        { "6.1", "--reboot-first", 5 },
    };

    [Theory]
    [MemberData(nameof(MoreMachines))]
    public void Its_crash_is_captured_at_night(string series, string options, int pagingLevels)
    {
        TestMachine.RequireNightly();
        Its_crash_is_captured(series, options, pagingLevels);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Its_crash_is_captured(string series, string options, int pagingLevels)
    {
        using var folder = new TemporaryFolder();
        string[] memory = options.Contains("--memory", StringComparison.Ordinal) ? [] : ["--memory", "1G"];
        DrillResult drill = DrillResult.Run(
            TestMachine.Kernel(series), [.. options.Split(' '), .. memory, "--keep", folder.Path]).MustEndWith(0);
        using (DumpSource dump = DumpSource.Open(folder.File("vmcore.kdump")))
        {
            Assert.True(dump.Vmcoreinfo.TryGetNumber("pgtable_l5_enabled", out long fiveLevels));
            Assert.Equal(pagingLevels == 5, fiveLevels == 1);
            if (options.Contains("nokaslr", StringComparison.Ordinal))
            {
                Assert.Equal(ByteCount.Zero, dump.Vmcoreinfo.KernelOffset);
            }
        }

        if (options.Contains("--crash-cpu 3", StringComparison.Ordinal))
        {
            Assert.Equal(3, drill.Document.GetProperty("crash").GetProperty("cpu").GetInt32());
        }

        if (options.Contains(",high", StringComparison.Ordinal))
        {
            Assert.All(Segments(drill), static start => Assert.True(start >= FourGiB, start.ToString()));
        }

        // What purgatory says in a reboot; in a crash it names the capture kernel.
        int jumps = File.ReadLines(folder.File("console.log")).Count(static line => line.Contains(Jump, StringComparison.Ordinal));
        Assert.Equal(options.Contains("--reboot-first", StringComparison.Ordinal) ? 1 : 0, jumps);
    }

    [Fact]
    public void More_ranges_of_memory_than_boot_params_holds_reach_the_capture_kernel()
    {
        using var folder = new TemporaryFolder();
        DrillResult.Run(TestMachine.Kernel("6.1"), "--memory", "1G", "--first-append", ManyRanges, "--append", "loglevel=7", "--keep", folder.Path).MustEndWith(0);
        // The capture kernel tells the map that it has put together of boot_params and of what follows in setup_data.
        int ranges = File.ReadLines(Path.Combine(folder.Path, "console.log"))
            .Count(static line => line.Contains("extended: [mem 0x", StringComparison.Ordinal));
        Assert.InRange(ranges, 129, 1000);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void A_CPU_that_was_added_after_arming_has_its_registers_in_the_dump(string series)
    {
        if (series == "6.1")
        {
            TestMachine.RequireNightly();
        }

        using var folder = new TemporaryFolder();
        DrillResult drill = DrillResult.Run(
            TestMachine.Kernel(series), "--cpus", "1", "--add-cpu", "--memory", "1G", "--keep", folder.Path).MustEndWith(0);
        Assert.Equal(1, drill.Document.GetProperty("crash").GetProperty("cpu").GetInt32());
        string elf = folder.File("elf");
        Assert.Equal(0, TestMachine.Run(
            TestMachine.Program, ["filter", Path.Combine(folder.Path, "vmcore.kdump"), elf, "--format", "elf"]).ExitCode);
        string notes = TestMachine.Run(TestMachine.Oracle("readelf"), ["-n", elf]).Output;
        Assert.Equal(2, notes.Split("NT_PRSTATUS").Length - 1);
    }

    private static IEnumerable<PhysicalAddress> Segments(DrillResult drill) =>
        drill.Document.GetProperty("segments").EnumerateArray().Select(static segment =>
            new PhysicalAddress(segment.GetProperty("start").GetUInt64()));
}
