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
}
