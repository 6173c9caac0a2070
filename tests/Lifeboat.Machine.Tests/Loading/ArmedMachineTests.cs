namespace Lifeboat.Machine.Tests.Loading;

/// <summary>Machines as they differ for a loader, each armed, crashed and captured.</summary>
public sealed class ArmedMachineTests
{
    // Reserved ranges of a page each, many more than boot_params has room for.
    private static readonly string ManyRanges = "memmap=" + string.Join(',', Enumerable.Range(0, 150).Select(i => $"4K${300 + (2 * i)}M"));

    public static TheoryData<string, string> Machines => new()
    {
        { "6.1", "--firmware uefi" },
        { "6.12", "--firmware uefi" },
        { "6.1", "--cpus 4 --crash-cpu 3 --first-append nokaslr" },
        { "6.12", "--cpus 1 --first-append no5lvl" },
        { "6.1", "--memory 6G --crashkernel 256M,high" },
        { "6.12", "--memory 6G --crashkernel 256M,high --firmware uefi" },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Its_crash_is_captured(string series, string options)
    {
        DrillResult drill = DrillResult.Run(TestMachine.Kernel(series), options.Split(' ')).MustEndWith(0);
        if (options.Contains("--crash-cpu 3", StringComparison.Ordinal))
        {
            Assert.Equal(3, drill.Document.GetProperty("crash").GetProperty("cpu").GetInt32());
        }
    }

    [Fact]
    public void More_ranges_of_memory_than_boot_params_holds_reach_the_capture_kernel()
    {
        using var folder = new TemporaryFolder();
        DrillResult.Run(TestMachine.Kernel("6.1"), "--first-append", ManyRanges, "--append", "loglevel=7", "--keep", folder.Path).MustEndWith(0);
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
}
