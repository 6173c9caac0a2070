using System.Text.Json;

namespace Lifeboat.Machine.Tests;

/// <summary>The memory of a running machine, through its own /proc/kcore.</summary>
public sealed class LiveMemoryTests
{
    private const ulong GuestPages = 512UL << 8;

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void A_running_kernel_is_read_checked_and_filtered(string series)
    {
        TestKernel kernel = TestMachine.Kernel(series);
        List<ProgramResult> results = LiveGuest.Run(
            kernel,
            "info --json /proc/kcore",
            "inspect /proc/kcore log",
            "verify /proc/kcore",
            "filter /proc/kcore /run/live --compress lzo",
            "verify /run/live",
            "info --json /run/live");
        Assert.All(results, result => Assert.True(result.ExitCode == 0, $"{result.ExitCode}: {result.Output}"));
        using (var info = JsonDocument.Parse(results[0].Output))
        {
            JsonElement root = info.RootElement;
            Assert.True(root.GetProperty("live").GetBoolean());
            Assert.False(root.TryGetProperty("fileBytes", out _));
            Assert.Equal(kernel.Release, root.GetProperty("release").GetString());
            Assert.Equal("drill-guest", root.GetProperty("host").GetString());
            Assert.Empty(root.GetProperty("diagnostics").EnumerateArray());
            Assert.InRange(root.GetProperty("pages").GetProperty("present").GetUInt64(), GuestPages - 1000, GuestPages);
        }

        Assert.Contains($"Linux version {kernel.Release}", results[1].Output, StringComparison.Ordinal);
        Assert.Contains("read and unpacked, 0 faults", results[2].Output, StringComparison.Ordinal);
        Assert.Contains("read and unpacked, 0 faults", results[4].Output, StringComparison.Ordinal);
        using (var info = JsonDocument.Parse(results[5].Output))
        {
            Assert.Equal(kernel.Release, info.RootElement.GetProperty("release").GetString());
            Assert.InRange(
                info.RootElement.GetProperty("pages").GetProperty("present").GetUInt64(), 5_000UL, GuestPages / 2);
        }
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void The_size_of_a_dump_is_estimated_on_the_machine_that_runs(string series)
    {
        if (series == "6.12")
        {
            TestMachine.RequireNightly();
        }

        TestKernel kernel = TestMachine.Kernel(series);
        List<ProgramResult> results = LiveGuest.Run(
            kernel,
            "estimate --json --all-levels",
            "filter /proc/kcore /run/all --json",
            "filter /proc/kcore --dry-run --max-size 1M --on-full raise",
            "filter /proc/kcore /run/raised --level 0 --max-size 64M --on-full raise --json",
            "estimate",
            "--as makedumpfile --mem-usage /proc/kcore");
        Assert.All(results, result => Assert.True(result.ExitCode == 0, $"{result.ExitCode}: {result.Output}"));
        using var estimate = JsonDocument.Parse(DocumentOf(results[0]));
        JsonElement root = estimate.RootElement;
        Assert.True(root.GetProperty("live").GetBoolean());
        Assert.Empty(root.GetProperty("notices").EnumerateArray());
        ulong ram = root.GetProperty("ramBytes").GetUInt64();
        Assert.InRange(ram / 4096, GuestPages - 1000, GuestPages);
        Assert.Equal(
            ram / 4096,
            root.GetProperty("unreadablePages").GetUInt64() + root.GetProperty("classes").EnumerateArray()
                .Aggregate(0UL, (sum, pages) => sum + pages.GetProperty("pages").GetUInt64()));
        JsonElement[] levels = [.. root.GetProperty("levels").EnumerateArray()];
        Assert.Equal(32, levels.Length);
        ulong SizeAt(int level) => levels[level].GetProperty("bytes").GetUInt64();
        for (int level = 0; level < 32; level++)
        {
            for (int bit = 1; bit < 32; bit <<= 1)
            {
                Assert.True(SizeAt(level | bit) <= SizeAt(level), $"level {level | bit} is larger than {level}");
            }
        }

        // The machine goes on between the two, and the dump itself lies in its memory.
        using var written = JsonDocument.Parse(DocumentOf(results[1]));
        ulong size = written.RootElement.GetProperty("fileBytes").GetUInt64();
        Assert.InRange(SizeAt(31), size / 2, size * 3 / 2);
        Assert.Contains("which it does not fit", results[2].Output, StringComparison.Ordinal);
        using var raised = JsonDocument.Parse(DocumentOf(results[3]));
        Assert.True(raised.RootElement.GetProperty("raised").GetBoolean());
        Assert.True(raised.RootElement.GetProperty("fileBytes").GetUInt64() <= 64 << 20);
        Assert.Contains("the memory of this machine as it runs", results[4].Output, StringComparison.Ordinal);
        Assert.Contains("KERN_DATA", results[5].Output, StringComparison.Ordinal);
        string total = results[5].Output.Split('\n').Single(line => line.StartsWith("Total pages on system:", StringComparison.Ordinal));
        Assert.InRange(
            ulong.Parse(total.Split('\t')[^1], System.Globalization.CultureInfo.InvariantCulture), GuestPages - 1000, GuestPages);
    }

    // A guest's console is a terminal: how far the work has come stands before it.
    private static string DocumentOf(ProgramResult result) => result.Output[result.Output.IndexOf('{', StringComparison.Ordinal)..];
}
