using System.Globalization;
using Lifeboat.Capture;
using Lifeboat.Capture.Manifest;
using Lifeboat.Drill.Inside;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>Targets that are full, damaged, late or not there.</summary>
public sealed class FaultyTargetTests
{
    // Part of the log; log, manifest and the room kept for it, and part of the report; all of them and part of the dump.
    private const long ForLog = 16 << 10, ForReport = 112 << 10, ForDump = 4 << 20;

    private static readonly Guid[] Filesystems =
    [
        .. Enumerable.Range(0, 6).Select(static number => new Guid(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-00000000000{number}"))),
    ];

    [Fact]
    public void The_next_target_is_tried_when_one_is_missing_damaged_or_full_at_any_tier_and_each_keeps_what_it_got()
    {
        using var folder = new TemporaryFolder();
        DiskImage damaged = Disk(folder, 1, 64 << 20);
        Damage(damaged);
        DiskImage fullAtLog = Disk(folder, 2, 64 << 20);
        fullAtLog.Fill(ForLog);
        DiskImage fullAtReport = Disk(folder, 3, 64 << 20);
        fullAtReport.Fill(ForReport);
        DiskImage fullAtDump = Disk(folder, 4, 64 << 20);
        fullAtDump.Fill(ForDump);
        DiskImage last = Disk(folder, 5, 1 << 30);
        List<string> console = new FaultyCapture
        {
            Plan = new GuestPlan { Mode = GuestMode.Drill, TargetUuid = Filesystems[5], Seed = 1 },
            Settings = $"disk_timeout 3\n{string.Join('\n', Filesystems.Select(static id => $"ext4 UUID={id}"))}",
            Devices = FaultyCapture.Drives(damaged.Path, fullAtLog.Path, fullAtReport.Path, fullAtDump.Path, last.Path),
        }.Run();
        string said = FaultyCapture.Said(console);
        SavedCrash atLog = TheOne(fullAtLog, folder, "log", ".incomplete", said);
        Assert.InRange(atLog.Text(CaptureRun.LogFile).Length, 1, (int)ForLog);
        SavedCrash atReport = TheOne(fullAtReport, folder, "report", ".incomplete", said);
        Assert.Equal(TierStatus.Saved, atReport.Manifest.Tiers[0].Status);
        Assert.Contains(atReport.Manifest.Tiers, static tier => tier is { Name: "report", Status: TierStatus.Partial or TierStatus.Failed });
        Assert.DoesNotContain("report", atReport.SavedTiers());
        Assert.DoesNotContain("dump", atReport.SavedTiers());
        SavedCrash atDump = TheOne(fullAtDump, folder, "dump", ".incomplete", said);
        Assert.Equal(["log", "report"], atDump.SavedTiers());
        Assert.Contains("ENOSPC", atDump.Manifest.Reason, StringComparison.Ordinal);
        Assert.Equal(TierStatus.Partial, atDump.Manifest.Tiers[^1].Status);
        SavedCrash whole = TheOne(last, folder, "whole", "", said);
        Assert.Equal(["log", "report", "dump"], whole.SavedTiers());
        Assert.True(whole.Manifest.Complete);

        Assert.Contains($"UUID={Filesystems[0]} did not appear within 3 s", said, StringComparison.Ordinal);
        Assert.DoesNotContain(console, static line => line.Contains("BEGIN LIFEBOAT CRASH BLOCK", StringComparison.Ordinal));
    }

    private static DiskImage Disk(TemporaryFolder folder, int number, long size) =>
        DiskImage.Create(folder.File(string.Create(CultureInfo.InvariantCulture, $"disk{number}")), size, Filesystems[number]);

    // The superblock's inode size: it is found by its UUID, and the kernel refuses it.
    private static void Damage(DiskImage disk)
    {
        using FileStream file = File.OpenWrite(disk.Path);
        file.Position = 1024 + 0x58;
        file.Write([0xff, 0xff]);
    }

    private static SavedCrash TheOne(DiskImage disk, TemporaryFolder folder, string name, string suffix, string said)
    {
        string[] folders = Directory.GetDirectories(disk.TakeOut(folder.File(name)));
        Assert.True(folders.Length == 1 && folders[0].EndsWith("-drill-guest" + suffix, StringComparison.Ordinal), string.Join(", ", folders) + "\n" + said);
        return new SavedCrash(folders[0]);
    }
}
