using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Tests;

public sealed class DumpBudgetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private DumpWriteOptions? _options;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void By_default_the_level_is_raised_and_the_size_is_what_the_disk_has()
    {
        Run(new CaptureBudget());
        Assert.Null(_options!.MaxSize);
        Assert.Equal(DumpLevels.Above(DumpLevel.Zero), _options.RaiseTo);
    }

    [Fact]
    public void To_stop_when_full_is_to_have_no_level_to_go_on_at()
    {
        Run(new CaptureBudget { RaisesLevel = false, MaxSize = new ByteCount(4096) });
        Assert.Equal(new ByteCount(4096), _options!.MaxSize);
        Assert.Empty(_options.RaiseTo);
    }

    [Fact]
    public void Room_that_must_remain_bounds_the_dump()
    {
        ulong free = (ulong)new DriveInfo(_folder.Path).AvailableFreeSpace;
        Run(new CaptureBudget { KeepFree = new ByteCount(free / 2) });
        Assert.InRange(_options!.MaxSize!.Value.Value, 1UL, free);
        Run(new CaptureBudget { KeepFree = new ByteCount(ulong.MaxValue) });
        Assert.Equal(ByteCount.Zero, _options.MaxSize);
    }

    [Fact]
    public void The_smaller_of_both_bounds_holds()
    {
        Run(new CaptureBudget { KeepFree = new ByteCount(4096), MaxSize = new ByteCount(8192) });
        Assert.Equal(new ByteCount(8192), _options!.MaxSize);
    }

    [Fact]
    public void The_manifest_tells_the_level_that_the_dump_has()
    {
        CaptureResult result = Run(new CaptureBudget(), DumpLevel.All);
        Assert.Equal((int)DumpLevel.All, result.Manifest.DumpLevel);
    }

    [Fact]
    public void A_dump_that_takes_too_long_is_ended()
    {
        CaptureResult result = Run(new CaptureBudget { DumpTime = TimeSpan.Zero }, waits: true);
        Assert.Equal(TierStatus.Failed, result.Manifest.Tiers[^1].Status);
        Assert.Contains("stopped before its end", result.Manifest.Reason, StringComparison.Ordinal);
    }

    private CaptureResult Run(CaptureBudget budget, DumpLevel reached = DumpLevel.Zero, bool waits = false) => new CaptureRun(
        new CaptureRequest { ToolVersion = "1", Budget = budget, Level = DumpLevel.Zero },
        new FolderStore(_folder.Path),
        new CaptureReporter(_ => { }, TimeProvider.System),
        TimeProvider.System,
        FakeDump.Steps with
        {
            WriteDump = (source, path, options, progress, token) =>
            {
                _options = options;
                if (waits)
                {
                    token.WaitHandle.WaitOne();
                    token.ThrowIfCancellationRequested();
                }

                return FakeDump.Steps.WriteDump(source, path, options, progress, token) with { Level = reached };
            },
        }).Execute(CancellationToken.None);
}
