using System.Text;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Tests.Streams;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Stores;

public sealed class RawStoreTests
{
    private const int Size = 16 << 20;

    [Fact]
    public void What_a_crash_wrote_comes_off_again()
    {
        using var folder = new TemporaryFolder();
        string device = folder.Write("disk", new byte[Size]);
        using (var store = RawStore.Open(device, overwrite: false))
        {
            List<StoredFile> stored = TestCrash.SendTo(store);
            Assert.Equal(TestCrash.HashOf(TestCrash.Flattened), stored[2].Sha256);
            Assert.Equal(device, store.Location);
        }

        (List<string> names, CrashStreamReader reader) = Read(device);
        Assert.Equal(["dmesg.txt:Whole", "manifest.json:Whole", "vmcore.flat:Whole", "manifest.json:Whole"], names);
        Assert.True(reader.IsComplete);
        Assert.Equal((TestCrash.Host, TestCrash.Time), (reader.Header.Host, reader.Header.Time));
    }

    [Fact]
    public void A_tier_is_on_the_device_before_the_next_begins()
    {
        using var folder = new TemporaryFolder();
        string device = folder.Write("disk", new byte[Size]);
        using var store = RawStore.Open(device, overwrite: false);
        store.Begin(TestCrash.Time, TestCrash.Host);
        TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());

        (List<string> names, CrashStreamReader reader) = Read(device);
        Assert.Equal(["dmesg.txt:Whole"], names);
        Assert.Null(reader.IsComplete);
    }

    [Fact]
    public void A_second_crash_takes_the_place_of_a_longer_one()
    {
        using var folder = new TemporaryFolder();
        string device = folder.Write("disk", new byte[Size]);
        using (var first = RawStore.Open(device, overwrite: false))
        {
            TestCrash.SendTo(first);
        }

        using (var second = RawStore.Open(device, overwrite: false))
        {
            second.Begin(TestCrash.Time, "other");
            TestCrash.Send(second, "dmesg.txt", "another log"u8.ToArray());
        }

        (List<string> names, CrashStreamReader reader) = Read(device);
        Assert.Equal(["dmesg.txt:Whole"], names);
        Assert.Equal("other", reader.Header.Host);
    }

    [Fact]
    public void A_dump_that_does_not_fit_is_kept_in_part_and_the_manifest_has_room()
    {
        using var folder = new TemporaryFolder();
        string device = folder.Write("disk", new byte[Size]);
        using (var store = RawStore.Open(device, overwrite: false))
        {
            store.Begin(TestCrash.Time, TestCrash.Host);
            TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());
            IOException full = Assert.Throws<IOException>(() => TestCrash.Send(store, "vmcore.flat", new byte[Size]));
            Assert.Contains("is full", full.Message, StringComparison.Ordinal);
            Assert.InRange(store.Kept("vmcore.flat")!.Value, Size - (2 << 20), Size);
            TestCrash.Send(store, "manifest.json", "{}"u8.ToArray());
            store.Publish(complete: false);
        }

        (List<string> names, CrashStreamReader reader) = Read(device);
        Assert.Equal(["dmesg.txt:Whole", "vmcore.flat:GivenUp", "manifest.json:Whole"], names);
        Assert.False(reader.IsComplete);
    }

    [Theory]
    [InlineData(0x438, "53ef", "ext2")]
    [InlineData(0, "58465342", "xfs")]
    [InlineData(0, "4c554b53babe", "LUKS")]
    [InlineData(536, "", null)]
    [InlineData(512, "4c4142454c4f4e45", "LVM")]
    [InlineData(510, "55aa", "partition table")]
    [InlineData(4096, "fc4e2ba9", "md 1.2")]
    [InlineData(Size - (64 << 10), "fc4e2ba9", "RAID")]
    [InlineData(Size - 8192, "fc4e2ba9", "RAID")]
    [InlineData((128 << 10) + 4096, "0cb1ba0000000000", "ZFS")]
    public void Refuses_a_device_that_holds_something_unless_told_to(int offset, string mark, string? found)
    {
        using var folder = new TemporaryFolder();
        byte[] content = new byte[Size];
        Convert.FromHexString(mark).CopyTo(content, offset);
        string device = folder.Write("disk", content);
        RawStore.Open(device, overwrite: true).Dispose();
        if (found is null)
        {
            RawStore.Open(device, overwrite: false).Dispose();
            return;
        }

        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => RawStore.Open(device, overwrite: false));
        Assert.Equal(CaptureDiagnostics.RawDeviceUnfit, refusal.Diagnostics[0].Id);
        Assert.Contains(found, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(device));
    }

    [Theory]
    [InlineData("mkfs.ext4", "-q", "-F")]
    [InlineData("mkswap")]
    [InlineData("mkfs.vfat")]
    [InlineData("mkfs.xfs", "-f")]
    [InlineData("mkfs.btrfs", "-f")]
    public void Knows_what_the_tools_make(string tool, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string device = folder.Combine("disk");
        using (FileStream file = File.Create(device))
        {
            file.SetLength(400 << 20);
        }

        Oracle.Run(tool, [], [.. options, device]);
        Assert.Throws<DiagnosticException>(() => RawStore.Open(device, overwrite: false));
    }

    [Fact]
    public void Refuses_a_device_too_small_for_anything()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<DiagnosticException>(() => RawStore.Open(folder.Write("disk", new byte[4096]), overwrite: true));
    }

    private static (List<string> Names, CrashStreamReader Reader) Read(string device)
    {
        using FileStream file = File.OpenRead(device);
        var reader = CrashStreamReader.Open(file, device);
        var names = new List<string>();
        while (reader.NextFile() is { } found)
        {
            found.Drain();
            names.Add(new StringBuilder(found.Name).Append(':').Append(found.State).ToString());
        }

        return (names, reader);
    }
}
