using System.Globalization;
using Lifeboat.Capture;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside;
using Lifeboat.Vmcore;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>The power goes while the dump is written.</summary>
public sealed class PowerCutTests
{
    private const string Older = "20260101T000000Z-web1";
    private static readonly Guid Filesystem = new("8f0e4b3a-0c59-4a53-93a0-6a1f3a2d5c77");

    /// <summary>
    /// Ten points of one dump, each twice: with everything that the disk had answered, and with any part lost of what it was not told to
    /// flush, as a disk with a volatile cache loses it.
    /// </summary>
    [Fact]
    public void At_ten_points_of_the_dump_the_earlier_tiers_and_older_dumps_stand_and_what_is_there_of_the_dump_reads()
    {
        int points = TestMachine.Times(usually: 10, nightly: 100);
        using var folder = new TemporaryFolder();
        byte[] older = MakeDisk(folder, out string image);
        (int first, int last) = (0, 0);
        using var disk = new RecordedDisk(image, folder);
        List<string> console = Capture(disk).Run((_, line) =>
        {
            first = FaultyCapture.Tells(line, CaptureMilestone.ReportDurable) ? disk.Count : first;
            last = FaultyCapture.Tells(line, CaptureMilestone.DumpDurable) ? disk.Count : last;
        });
        Assert.True(first > 0 && last > first + points, $"the dump is written by requests {first} to {last}:\n{FaultyCapture.Readable(console)}");
        SavedCrash whole = CrashOn(Cut(disk, folder, disk.Count, lost: null), "", older);
        Assert.True(whole.Manifest.Complete);
        Assert.Equal([LogName, ReportName, DumpName], whole.SavedTiers());

        using DumpSource complete = DumpSource.Open(whole.Dump);
        var readable = new List<ulong>();
        long begin = disk.Writes[first].Place;
        long end = disk.Writes[last - 1].Place;
        for (int point = 0; point < points; point++)
        {
            long place = begin + ((end - begin) * (2 * point + 1) / (2 * points));
            int count = first;
            while (disk.Writes[count].Place < place)
            {
                count++;
            }

            foreach (Random? lost in new[] { null, new Random(point) })
            {
                SavedCrash crash = CrashOn(Cut(disk, folder, count, lost), ".partial", older);
                Assert.False(crash.Manifest.Complete);
                Assert.Contains("did not finish", crash.Manifest.Reason, StringComparison.Ordinal);
                Assert.Equal([LogName, ReportName], crash.SavedTiers());
                Assert.Equal(whole.Text(CaptureRun.LogFile), crash.Text(CaptureRun.LogFile));
                Assert.Equal(whole.Text(CaptureRun.ReportText), crash.Text(CaptureRun.ReportText));
                readable.Add(ReadableAsIn(complete, crash));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', readable));
        Assert.True(readable[^1] > 0 || readable[^2] > 0);
    }

    private const string LogName = "log", ReportName = "report", DumpName = "dump";

    private static byte[] MakeDisk(TemporaryFolder folder, out string image)
    {
        image = folder.File("disk");
        var disk = DiskImage.Create(image, 1L << 30, Filesystem);
        byte[] older = new byte[3 << 20];
        new Random(1).NextBytes(older);
        File.WriteAllBytes(folder.File("vmcore.kdump"), older);
        disk.Add(Older, folder.File("vmcore.kdump"));
        return older;
    }

    private static FaultyCapture Capture(RecordedDisk disk) => new()
    {
        Plan = new GuestPlan { Mode = GuestMode.Drill, TargetUuid = Filesystem, Seed = 1 },
        Settings = $"ext4 UUID={Filesystem}\ndump_level 17\ncompression lzo",
        Devices = disk.Arguments,
    };

    // The disk's folder of all dumps after a power cut.
    private static string Cut(RecordedDisk disk, TemporaryFolder folder, int count, Random? lost)
    {
        string image = folder.File("cut");
        disk.MakeCut(image, count, lost);
        return new DiskImage(image).TakeOut(folder.File(string.Create(CultureInfo.InvariantCulture, $"cut-{count}-{lost is not null}")));
    }

    private static SavedCrash CrashOn(string crashes, string suffix, byte[] older)
    {
        string[] folders = [.. Directory.EnumerateDirectories(crashes).Order(StringComparer.Ordinal)];
        Assert.True(folders.Length == 2, string.Join(", ", folders));
        Assert.Equal(Older, Path.GetFileName(folders[0]));
        Assert.True(older.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folders[0], "vmcore.kdump"))));
        Assert.EndsWith("-drill-guest" + suffix, folders[1], StringComparison.Ordinal);
        return new SavedCrash(folders[1]);
    }

    // How many pages the cut dump has; each must be the machine's.
    private static ulong ReadableAsIn(DumpSource complete, SavedCrash crash)
    {
        if (!File.Exists(crash.Dump) || new FileInfo(crash.Dump).Length < Pfn.PageSize)
        {
            return 0;
        }

        ProgramResult info = TestMachine.Run(TestMachine.Program, ["info", crash.Dump]);
        Assert.True(info.ExitCode == 0, info.Output + info.Error);
        Assert.Contains("incomplete", info.Output, StringComparison.OrdinalIgnoreCase);
        using DumpSource cut = DumpSource.Open(crash.Dump);
        Assert.True(cut.IsIncomplete);
        byte[] expected = new byte[Pfn.PageSize];
        byte[] found = new byte[Pfn.PageSize];
        ulong pages = 0;
        foreach (PhysicalRange range in complete.RamRanges)
        {
            for (ulong number = range.Start.Pfn.Value; number < range.End.Pfn.Value; number++)
            {
                var pfn = new Pfn(number);
                if (cut.GetPageState(pfn) != PageState.Present || cut.Read(pfn.Address, found, out _) != found.Length)
                {
                    continue;
                }

                Assert.Equal(expected.Length, complete.Read(pfn.Address, expected, out _));
                Assert.True(expected.AsSpan().SequenceEqual(found), $"page {pfn} is not the machine's");
                pages++;
            }
        }

        return pages;
    }
}
