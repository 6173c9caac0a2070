using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Tests;

/// <summary>Captures to a store that is no folder: a far side that takes files one after another.</summary>
public sealed class StreamedCaptureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_tier_is_sent_whole_before_the_next_and_the_manifest_has_its_hash()
    {
        using var store = new MemoryStore();
        CaptureResult result = Run(store, FakeDump.Steps with { WriteStream = FakeDump.Stream });
        Assert.True(result.IsComplete);
        Assert.Equal("memory:", result.Location);
        Assert.True(store.IsComplete);
        Assert.Equal(
            ["dmesg.txt", "manifest.json", "report.json", "report.txt", "report.html", "manifest.json", "vmcore.flat", "manifest.json"],
            store.Order);
        var manifest = CaptureManifest.Parse(store.Files["manifest.json"], "m");
        Assert.Equal(["dmesg.txt", "report.json", "report.txt", "report.html", "vmcore.flat"], manifest.Tiers.Select(tier => tier.File));
        Assert.All(manifest.Tiers, tier => Assert.Equal(
            Convert.ToHexStringLower(Sha256.HashData(store.Files[tier.File])), tier.Sha256));
        Assert.Empty(Directory.GetFiles(_folder.Combine("work")));
    }

    [Fact]
    public void The_dump_is_flattened_and_opens()
    {
        using var store = new MemoryStore();
        byte[] memory = new byte[64 * 4096];
        new Random(3).NextBytes(memory);
        var request = new CaptureRequest { Vmcore = _folder.Write("vmcore", Modules.TestElf.Core(memory)), ToolVersion = "1" };
        CaptureResult result = new CaptureRun(request, store, new CaptureReporter(_lines.Add, TimeProvider.System), TimeProvider.System).Execute();
        Assert.Equal(TierStatus.Saved, result.Manifest.Tiers[^1].Status);
        using DumpSource dump = DumpSource.Open(_folder.Write("sent", store.Files["vmcore.flat"]));
        Assert.False(dump.IsIncomplete);
        byte[] back = new byte[memory.Length];
        Assert.Equal(back.Length, dump.Read(new PhysicalAddress(0x1000000), back, out _));
        Assert.Equal(memory, back);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(256_000L, 255_000UL)]
    public void The_dump_may_have_the_room_that_is_left_without_what_the_records_take(long? left, ulong? expected)
    {
        using var store = new MemoryStore { Left = left };
        DumpWriteOptions? options = null;
        _ = Run(store, FakeDump.Steps with
        {
            WriteStream = (source, stream, asked, progress, token) =>
            {
                options = asked;
                return FakeDump.Stream(source, stream, asked, progress, token);
            },
        });
        Assert.Equal(expected, options!.MaxSize?.Value);
    }

    [Theory]
    [InlineData("dmesg.txt", "log")]
    [InlineData("vmcore.flat", "dump")]
    public void A_far_side_that_breaks_off_costs_that_tier_only(string file, string tier)
    {
        using var store = new MemoryStore { BreaksIn = file };
        CaptureResult result = Run(store, FakeDump.Steps with { WriteStream = FakeDump.Stream });
        Assert.False(result.IsComplete);
        Assert.False(store.IsComplete);
        Assert.Equal($"{tier}: the connection was reset", result.Manifest.Reason);
        Assert.All(result.Manifest.Tiers, saved => Assert.Equal(
            saved.File == file ? TierStatus.Failed : TierStatus.Saved, saved.Status));
    }

    [Fact]
    public void A_far_side_that_does_not_take_the_manifest_again_gets_it_at_the_end()
    {
        using var store = new MemoryStore { BreaksIn = "manifest.json" };
        CaptureResult result = Run(store, FakeDump.Steps with { WriteStream = FakeDump.Stream });
        Assert.Equal("manifest: the connection was reset", result.Manifest.Reason);
        Assert.Equal(5, store.Files.Count);
    }

    private CaptureResult Run(MemoryStore store, CaptureSteps steps) =>
        new CaptureRun(
            new CaptureRequest { ToolVersion = "0.1.0", ReportProgram = "lifeboat", WorkFolder = _folder.Combine("work") },
            store,
            new CaptureReporter(_lines.Add, TimeProvider.System),
            TimeProvider.System,
            steps).Execute(CancellationToken.None);
}
