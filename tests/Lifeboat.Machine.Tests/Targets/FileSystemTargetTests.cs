using Lifeboat.Drill.Inside;
using Lifeboat.Machine.Tests.Faults;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>Crashes saved to filesystems other than ext4, and to a disk without one; read by other tools than the kernel that wrote them.</summary>
public sealed class FileSystemTargetTests
{
    private static readonly Guid Filesystem = new("5a7e9d10-98a3-4c2e-8c11-0000a1b2c3d4");

    /// <summary>The crashed machine had xfs and btrfs mounted, as most machines have their target: there is something to replay.</summary>
    [Theory]
    [InlineData("xfs", GuestMode.Drill)]
    [InlineData("btrfs", GuestMode.Drill)]
    [InlineData("vfat", GuestMode.Crash)]
    public void A_crash_is_saved_to_it(string kind, GuestMode mode)
    {
        using var folder = new TemporaryFolder();
        var image = FileSystemImage.Create(kind, folder.File("disk"), Filesystem);
        List<string> console = Capture(mode, $"{kind} UUID={FileSystemImage.UuidOf(kind, Filesystem)}", kind, image.Path).Run();
        string[] crashes = Directory.GetDirectories(image.TakeOut(folder.File("found")));
        Assert.True(crashes.Length == 1, FaultyCapture.Readable(console));
        Assert.EndsWith("-drill-guest", crashes[0], StringComparison.Ordinal);
        new SavedCrash(crashes[0]).MustBeWhole();
    }

    [Fact]
    public void A_disk_that_has_a_filesystem_is_refused_and_the_next_takes_the_crash_from_its_first_byte_on()
    {
        using var folder = new TemporaryFolder();
        var taken = DiskImage.Create(folder.File("taken"), 64 << 20, Filesystem);
        byte[] before = File.ReadAllBytes(taken.Path);
        using (FileStream empty = File.Create(folder.File("empty")))
        {
            empty.SetLength(1L << 30);
        }

        List<string> console = Capture(GuestMode.Crash, "raw /dev/vda\nraw /dev/vdb", "ext4", taken.Path, folder.File("empty")).Run();
        Assert.Contains(
            console, static line => line.Contains("raw /dev/vda", StringComparison.Ordinal) && line.Contains("ext4", StringComparison.Ordinal)
                && line.Contains("the next target is tried", StringComparison.Ordinal));
        Assert.True(before.AsSpan().SequenceEqual(File.ReadAllBytes(taken.Path)));
        ProgramResult fetched = TestMachine.Run(TestMachine.Program, ["fetch-raw", folder.File("empty"), "-o", folder.File("found")]);
        Assert.True(fetched.ExitCode == 0, $"{fetched.Output}{fetched.Error}\n{FaultyCapture.Readable(console)}");
        new SavedCrash(Assert.Single(Directory.GetDirectories(folder.File("found")))).MustBeWhole();
    }

    private static FaultyCapture Capture(GuestMode mode, string targets, string kind, params string[] disks) => new()
    {
        Plan = new GuestPlan { Mode = mode, TargetUuid = Filesystem, FileSystem = kind, Seed = 1 },
        Settings = targets,
        Devices = FaultyCapture.Drives(disks),
    };
}
