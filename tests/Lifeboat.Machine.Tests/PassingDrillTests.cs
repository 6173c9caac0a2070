using System.Text.Json;
using Lifeboat.Core.Archives;

namespace Lifeboat.Machine.Tests;

public sealed class PassingDrillTests(CapturedDumps dumps)
{
    private static readonly string[] Stages =
    [
        "Prepare", "Kernel", "Ramdisk", "Boot", "Arm", "Workload", "Panic", "Purgatory", "CaptureUp", "ModulesLoaded",
        "TargetReady", "LogSaved", "DumpSaved", "ManifestSaved", "FinalAction", "Extract", "Open", "Patterns", "PanicMessage",
    ];

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void A_crash_of_Debian_s_kernel_is_captured_and_explained(string series)
    {
        CapturedDump dump = dumps.Get(series);
        JsonElement report = dump.Drill.Document;
        Assert.True(report.GetProperty("passed").GetBoolean());
        Assert.Equal(Stages, report.GetProperty("milestones").EnumerateArray().Select(entry => entry.GetProperty("stage").GetString()));

        JsonElement crash = report.GetProperty("crash");
        Assert.Equal(dump.Kernel.Release, crash.GetProperty("release").GetString());
        Assert.Equal("Sysrq", crash.GetProperty("kind").GetString());
        Assert.Equal("sysrq triggered crash", crash.GetProperty("message").GetString());
        Assert.Equal("init", crash.GetProperty("command").GetString());
        Assert.Equal(1, crash.GetProperty("pid").GetInt32());
        Assert.InRange(crash.GetProperty("cpu").GetInt32(), 0, 1);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void The_known_bytes_are_where_they_should_be_and_nowhere_else(string series)
    {
        var patterns = dumps.Get(series).Drill.Document.GetProperty("patterns").EnumerateArray()
            .ToDictionary(pattern => pattern.GetProperty("kind").GetString()!, StringComparer.Ordinal);
        Assert.Equal(["Kernel", "PageCache", "User"], patterns.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Pages(patterns["Kernel"]), patterns["Kernel"].GetProperty("intact").GetInt32());
        Assert.Equal(Pages(patterns["User"]), patterns["User"].GetProperty("excluded").GetInt32());
        Assert.Equal(Pages(patterns["PageCache"]), patterns["PageCache"].GetProperty("excluded").GetInt32());
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void Program_ramdisk_and_capture_stay_within_their_budgets(string series)
    {
        JsonElement report = dumps.Get(series).Drill.Document;
        Assert.InRange(report.GetProperty("programBytes").GetInt64(), 1, 12 << 20);
        Assert.InRange(report.GetProperty("captureRamdiskBytes").GetInt64(), 1, 5 << 20);
        JsonElement memory = report.GetProperty("manifest").GetProperty("memory");

        Assert.InRange(memory.GetProperty("peakResidentBytes").GetInt64(), 1, 24_000_000);
    }

    [Fact]
    public void A_dump_of_level_0_holds_user_and_cache_pages_too_and_beside_it_lies_what_the_kernel_said()
    {
        using var folder = new TemporaryFolder();
        DrillResult drill = DrillResult.Run(
            TestMachine.Kernel("6.1"), "--level", "0", "--memory", "512M", "--truth", "--keep", folder.Path).MustEndWith(0);
        foreach (JsonElement pattern in drill.Document.GetProperty("patterns").EnumerateArray())
        {
            Assert.Equal(Pages(pattern), pattern.GetProperty("intact").GetInt32());
        }

        IReadOnlyList<CpioEntry> said = CpioReader.Read(File.ReadAllBytes(Path.Combine(folder.Path, "truth.cpio")));
        Assert.Superset(
            new[] { "kallsyms", "modules", "meminfo", "slabinfo", "net/tcp", "1/maps", "1/links", "1/task/1/status", "1/task/1/stack" }
                .ToHashSet(StringComparer.Ordinal),
            said.Where(static entry => entry.Content.Length > 0).Select(static entry => entry.Name).ToHashSet(StringComparer.Ordinal));
        Assert.Contains(" T _stext\n", System.Text.Encoding.UTF8.GetString(said.Single(static entry => entry.Name == "kallsyms").Content.Span), StringComparison.Ordinal);
    }

    private static int Pages(JsonElement pattern) => pattern.GetProperty("pages").GetInt32();
}
