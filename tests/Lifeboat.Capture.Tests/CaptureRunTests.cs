using Lifeboat.Capture.Init;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests;

public sealed class CaptureRunTests
{
    private readonly List<string> _lines = [];

    [Fact]
    public void Saves_log_dump_and_manifest_in_this_order()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(folder.Path, FakeDump.Steps);
        Assert.True(result.IsComplete);
        Assert.Equal(folder.Combine("20260131T142233Z-web1"), result.Location);
        Assert.Equal(
            ["dmesg.txt", "manifest.json", "vmcore.kdump"],
            Directory.GetFiles(result.Location!).Select(path => Path.GetFileName(path)).Order());
        Assert.Equal(
            "[    1.500000] first\n[    2.000000] Kernel panic\n", File.ReadAllText(Path.Combine(result.Location!, "dmesg.txt")));
        Assert.Equal(
            [CaptureMilestone.LogDurable, CaptureMilestone.DumpDurable, CaptureMilestone.ManifestDurable], Milestones());
        CaptureManifest manifest = ReadManifest(result);
        Assert.True(manifest.Complete);
        Assert.Equal(("web1", "6.1.0-test"), (manifest.Host, manifest.KernelRelease));
        Assert.Equal(9UL, manifest.Pages!.Total);
        Assert.All(manifest.Tiers, tier => Assert.Equal(
            Convert.ToHexStringLower(Sha256.HashData(File.ReadAllBytes(Path.Combine(result.Location!, tier.File)))), tier.Sha256));
        Assert.True(manifest.Memory.PeakResidentBytes > 0);
        Assert.True(manifest.Memory.LowestAvailableBytes <= manifest.Memory.TotalBytes);
    }

    [Fact]
    public void Each_tier_is_durable_before_the_next_begins()
    {
        using var folder = new TemporaryFolder();
        string[]? during = null;
        CaptureManifest? provisional = null;
        Run(folder.Path, FakeDump.Steps with
        {
            WriteDump = (source, path, options, progress, token) =>
            {
                during = Milestones().Select(milestone => milestone.ToString()).ToArray();
                provisional = CaptureManifest.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "manifest.json")), "m");
                Assert.EndsWith(".partial", Path.GetDirectoryName(path), StringComparison.Ordinal);
                return FakeDump.Steps.WriteDump(source, path, options, progress, token);
            },
        });
        Assert.Equal([nameof(CaptureMilestone.LogDurable)], during!);
        Assert.False(provisional!.Complete);
        Assert.Contains("did not finish", provisional.Reason, StringComparison.Ordinal);
        Assert.Equal(TierStatus.Saved, provisional.Tiers[0].Status);
        Assert.Equal(TierStatus.NotStarted, provisional.Tiers[1].Status);
    }

    [Fact]
    public void A_log_that_cannot_be_read_does_not_cost_the_dump()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(
            folder.Path, FakeDump.Steps with { ReadLog = _ => throw new InvalidOperationException("a damaged ring") });
        CaptureManifest manifest = ReadManifest(result);
        Assert.False(manifest.Complete);
        Assert.EndsWith(".incomplete", result.Location, StringComparison.Ordinal);
        Assert.Equal([TierStatus.Failed, TierStatus.Saved], manifest.Tiers.Select(tier => tier.Status));
        Assert.Contains("a damaged ring", manifest.Reason, StringComparison.Ordinal);
        Assert.Contains(_lines, line => line.Contains("note: the log is not saved whole", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dump_that_fails_keeps_what_it_has_and_says_why()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(folder.Path, FakeDump.Steps with { WriteDump = FullDisk });
        CaptureManifest manifest = ReadManifest(result);
        Assert.Equal([TierStatus.Saved, TierStatus.Partial], manifest.Tiers.Select(tier => tier.Status));
        Assert.Contains("ENOSPC", manifest.Reason, StringComparison.Ordinal);
        Assert.Equal(1 << 21, new FileInfo(Path.Combine(result.Location!, "vmcore.kdump")).Length);
    }

    [Fact]
    public void The_deadline_ends_the_dump_and_not_the_manifest()
    {
        using var folder = new TemporaryFolder();
        using var deadline = new CancellationTokenSource();
        CaptureResult result = Run(
            folder.Path,
            FakeDump.Steps with
            {
                WriteDump = (_, path, _, _, token) =>
                {
                    File.WriteAllText(path, "half");
                    deadline.Cancel();
                    token.ThrowIfCancellationRequested();
                    throw new InvalidOperationException("it was cancelled");
                },
            },
            deadline.Token);
        Assert.StartsWith("dump: stopped before its end: the deadline came", ReadManifest(result).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_cannot_be_opened_still_leaves_a_manifest()
    {
        using var folder = new TemporaryFolder();
        var run = new CaptureRun(
            new CaptureRequest { Vmcore = folder.Write("noise", "no dump at all"), ToolVersion = "1" },
            new FolderStore(folder.Combine("t")),
            new CaptureReporter(_lines.Add, TimeProvider.System),
            TimeProvider.System,
            new CaptureSteps { Open = path => throw new KernelInterfaceException("read", path, Errno.EIO) });
        CaptureManifest manifest = ReadManifest(run.Execute());
        Assert.Contains("the memory cannot be opened", manifest.Reason, StringComparison.Ordinal);
        Assert.All(manifest.Tiers, tier => Assert.Equal(TierStatus.NotStarted, tier.Status));
    }

    [Fact]
    public void A_target_that_takes_no_folder_is_told()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "not a folder");
        CaptureResult result = Run(Path.Combine(file, "below"), FakeDump.Steps);
        Assert.Null(result.Location);
        Assert.Contains("there is no place for the crash in", result.Manifest.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(1500)]
    [InlineData(60_000)]
    public void A_disk_that_fills_up_anywhere_never_throws_and_never_claims_a_whole_dump(int room)
    {
        using var folder = new TemporaryFolder();
        int left = room;
        CaptureResult result = Run(
            new FolderStore(folder.Path, path => new LimitedStream(path, count => (left -= count) >= 0)),
            FakeDump.Steps with { WriteDump = FullDisk });
        Assert.False(result.IsComplete);
        Assert.NotNull(result.Manifest.Reason);
        Assert.EndsWith(".incomplete", result.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void When_memory_runs_out_the_dump_is_begun_anew_with_one_thread()
    {
        using var folder = new TemporaryFolder();
        var threads = new List<int>();
        CaptureResult result = new CaptureRun(
            new CaptureRequest { ToolVersion = "0.1.0", Threads = 2 },
            new FolderStore(folder.Path),
            new CaptureReporter(_lines.Add, TimeProvider.System),
            TimeProvider.System,
            FakeDump.Steps with
            {
                WriteDump = (source, path, options, progress, token) =>
                {
                    threads.Add(options.Threads);

                    // No array is that long, whatever memory there is.
                    _ = new byte[options.Threads > 1 ? int.MaxValue : 1];
                    return FakeDump.Steps.WriteDump(source, path, options, progress, token);
                },
            }).Execute(TestContext.Current.CancellationToken);
        Assert.Equal([2, 1], threads);
        Assert.True(result.IsComplete);
        Assert.Contains("memory ran out: the dump is begun anew with one thread", result.Manifest.Notices);
    }

    [Fact]
    public void On_a_disk_that_is_really_full_log_and_manifest_are_whole()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount");
        using var folder = new TemporaryFolder();
        string disk = folder.Combine("disk");
        Directory.CreateDirectory(disk);
        try
        {
            FileSystemMount.Mount("tmpfs", disk, "tmpfs", MountOptions.None, "size=256k");
        }
        catch (KernelInterfaceException refusal) when (refusal.Errno == Errno.EPERM)
        {
            Assert.Skip("mounting is not allowed here");
        }

        try
        {
            CaptureResult result = Run(disk, FakeDump.Steps with
            {
                WriteDump = (_, path, _, _, _) =>
                {
                    using var stream = new FileStream(path, FileMode.Create);
                    byte[] block = new byte[4096];
                    while (true)
                    {
                        stream.Write(block);
                        stream.Flush(flushToDisk: true);
                    }
                },
            });
            CaptureManifest manifest = ReadManifest(result);
            Assert.Equal([TierStatus.Saved, TierStatus.Partial], manifest.Tiers.Select(tier => tier.Status));
            Assert.Contains("Kernel panic", File.ReadAllText(Path.Combine(result.Location!, "dmesg.txt")), StringComparison.Ordinal);
            Assert.True(manifest.Tiers[1].Bytes > 100_000);
            Assert.Contains("No space left", manifest.Reason, StringComparison.Ordinal);
        }
        finally
        {
            TestMount.Remove(disk);
        }
    }

    private static Lifeboat.Vmcore.Writing.DumpWriteResult FullDisk(
        Lifeboat.Vmcore.DumpSource source,
        string path,
        Lifeboat.Vmcore.Writing.DumpWriteOptions options,
        IProgress<Lifeboat.Vmcore.Writing.DumpProgress>? progress,
        CancellationToken cancellationToken)
    {
        File.WriteAllBytes(path, new byte[1 << 21]);
        throw new KernelInterfaceException("write", path, Errno.ENOSPC);
    }

    private static CaptureManifest ReadManifest(CaptureResult result)
    {
        CaptureManifest manifest = CaptureManifest.Parse(File.ReadAllBytes(Path.Combine(result.Location!, "manifest.json")), "m");
        Assert.Equal(manifest.Complete, result.IsComplete);
        Assert.False(File.Exists(Path.Combine(result.Location!, ".reserve")));
        return manifest;
    }

    private CaptureResult Run(string target, CaptureSteps steps, CancellationToken cancellationToken = default) =>
        Run(new FolderStore(target), steps, cancellationToken);

    private CaptureResult Run(CrashStore store, CaptureSteps steps, CancellationToken cancellationToken = default) =>
        new CaptureRun(
            new CaptureRequest { ToolVersion = "0.1.0" },
            store,
            new CaptureReporter(_lines.Add, TimeProvider.System),
            TimeProvider.System,
            steps).Execute(cancellationToken);

    private List<CaptureMilestone> Milestones() =>
        [.. _lines.Where(line => CaptureMilestones.TryParse(line, out _))
            .Select(line => CaptureMilestones.TryParse(line, out CaptureMilestoneLine parsed) ? parsed.Milestone : default)];
}
