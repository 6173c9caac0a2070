using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class BlockDeviceFinderTests
{
    private static readonly Guid Uuid = Guid.Parse("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11");

    [Theory]
    [InlineData("UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11")]
    [InlineData("LABEL=crash")]
    [InlineData("/dev/vdb")]
    public void Finds_a_device_by_what_is_on_it_or_by_its_path(string selector)
    {
        using var folder = new TemporaryFolder();
        AddDevice(folder, "vda", new byte[4096]);
        AddDevice(folder, "vdb", [.. new byte[1024], .. Ext4SuperblockTests.Write(Uuid, "crash")]);
        Assert.Equal(folder.Combine("dev", "vdb"), Finder(folder, new ImpatientTime()).WaitFor(Parse(selector), TimeSpan.Zero));
    }

    [Fact]
    public void Waits_for_a_device_that_comes_late()
    {
        using var folder = new TemporaryFolder();
        folder.Write("class/ram0", "");
        var time = new ImpatientTime(count =>
        {
            if (count == 7)
            {
                AddDevice(folder, "vda", [.. new byte[1024], .. Ext4SuperblockTests.Write(Uuid, "")]);
            }
        });
        string device = Finder(folder, time).WaitFor(Parse($"UUID={Uuid}"), TimeSpan.FromSeconds(10));
        Assert.Equal(folder.Combine("dev", "vda"), device);
    }

    [Fact]
    public void Tells_for_how_long_it_has_waited_at_once_and_every_five_seconds()
    {
        using var folder = new TemporaryFolder();
        var told = new List<double>();
        BlockDeviceFinder finder = Finder(folder, new ImpatientTime(), waited => told.Add(Math.Round(waited.TotalSeconds)));
        Assert.Throws<DiagnosticException>(() => finder.WaitFor(Parse("/dev/vda"), TimeSpan.FromSeconds(12)));
        Assert.Equal([0, 5, 10], told);
    }

    [Fact]
    public void Tells_what_is_there_when_the_time_is_over()
    {
        using var folder = new TemporaryFolder();
        AddDevice(folder, "vda", [.. new byte[1024], .. Ext4SuperblockTests.Write(Uuid, "")]);
        AddDevice(folder, "vdb", []);
        Diagnostic diagnostic = Assert.Throws<DiagnosticException>(() => Finder(folder, new ImpatientTime())
            .WaitFor(Parse($"UUID={Guid.Empty}"), TimeSpan.FromSeconds(3))).Diagnostics[0];
        Assert.Equal(CaptureDiagnostics.TargetNotFound, diagnostic.Id);
        Assert.Equal($"vda (ext4 UUID={Uuid}), vdb", diagnostic.Found);
    }

    [Fact]
    public void Without_any_device_the_driver_is_suspected()
    {
        using var folder = new TemporaryFolder();
        Diagnostic diagnostic = Assert.Throws<DiagnosticException>(() => Finder(folder, new ImpatientTime())
            .WaitFor(Parse("/dev/vda"), TimeSpan.FromSeconds(3))).Diagnostics[0];
        Assert.Contains("driver", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_wait_ends()
    {
        using var folder = new TemporaryFolder();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new BlockDeviceFinder(
            TimeProvider.System, folder.Combine("class"), folder.Combine("dev"))
            .WaitFor(Parse("/dev/vda"), TimeSpan.FromHours(1), cancelled.Token));
    }

    [Fact]
    public void A_disk_that_something_holds_is_not_taken_for_the_filesystem()
    {
        using var folder = new TemporaryFolder();
        byte[] content = [.. new byte[1024], .. Ext4SuperblockTests.Write(Uuid, "crash")];
        AddDevice(folder, "sda", content);
        folder.Write("class/sda/holders/dm-0", "");
        AddDevice(folder, "dm-0", content);
        DeviceSelector selector = Parse($"UUID={Uuid}");
        Assert.Equal(folder.Combine("dev", "dm-0"), Finder(folder, new ImpatientTime()).Find(selector));
        File.Delete(folder.Combine("dev", "dm-0"));
        Diagnostic diagnostic = Assert.Throws<DiagnosticException>(
            () => Finder(folder, new ImpatientTime()).WaitFor(selector, TimeSpan.Zero)).Diagnostics[0];
        Assert.Equal($"dm-0, sda (ext4 UUID={Uuid}, part of dm-0)", diagnostic.Found);
    }

    [Fact]
    public void The_half_of_a_mirror_is_not_taken_for_the_filesystem()
    {
        using var folder = new TemporaryFolder();
        AddDevice(folder, "sda", FileSystemProbeTests.MirrorHalf(Uuid));
        Assert.Null(Finder(folder, new ImpatientTime()).Find(Parse($"UUID={Uuid}")));
    }

    [Fact]
    public void A_btrfs_is_there_when_all_its_devices_are()
    {
        using var folder = new TemporaryFolder();
        byte[] content = new byte[0x11000];
        "_BHRfS_M"u8.CopyTo(content.AsSpan(0x10040));
        Uuid.ToByteArray(bigEndian: true).CopyTo(content, 0x10020);
        content[0x10088] = 2;
        AddDevice(folder, "vda", content);
        DeviceSelector selector = Parse($"UUID={Uuid}");
        Assert.Empty(Finder(folder, new ImpatientTime()).FindAll(selector));
        AddDevice(folder, "vdb", content);
        string[] both = [folder.Combine("dev", "vda"), folder.Combine("dev", "vdb")];
        Assert.Equal(both, Finder(folder, new ImpatientTime()).WaitForAll(selector, TimeSpan.Zero));
        Assert.Equal($"device={both[0]},device={both[1]}", new FileSystemMounting("btrfs").OptionsFor(both, fromTop: false));
        Assert.Equal($"subvolid=5,device={both[0]},device={both[1]}", new FileSystemMounting("btrfs").OptionsFor(both, fromTop: true));
    }

    private static void AddDevice(TemporaryFolder folder, string name, byte[] content)
    {
        folder.Write("dev/" + name, content);
        Directory.CreateDirectory(folder.Combine("class", name));
    }

    private static BlockDeviceFinder Finder(TemporaryFolder folder, TimeProvider time, Action<TimeSpan>? waiting = null) =>
        new(time, folder.Combine("class"), folder.Combine("dev")) { Waiting = waiting };

    private static DeviceSelector Parse(string text) =>
        DeviceSelector.TryParse(text, out DeviceSelector? selector) ? selector : throw new FormatException(text);
}
