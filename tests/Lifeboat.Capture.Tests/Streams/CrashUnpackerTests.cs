using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Tests.Streams;

public sealed class CrashUnpackerTests
{
    [Fact]
    public void Lays_down_every_file_the_dump_rearranged_and_the_manifest_told()
    {
        using var parent = new TemporaryFolder();
        (DumpFolder folder, CrashUnpacker unpacker, bool isWhole) = Unpack(parent, TestCrash.Stream());

        Assert.True(isWhole);
        Assert.Equal(
            ["dmesg.txt", "manifest.json", "vmcore.kdump"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(TestCrash.Dump, File.ReadAllBytes(folder.Combine("vmcore.kdump")));
        Assert.Null(ManifestCheck.FirstMismatch(folder.Path, CaptureManifest.Load(folder.Combine("manifest.json"))));
        Assert.Equal(4, unpacker.Files.Count);
    }

    [Fact]
    public void Leaves_the_dump_flattened_when_asked_to()
    {
        using var parent = new TemporaryFolder();
        (DumpFolder folder, _, bool isWhole) = Unpack(parent, TestCrash.Stream(), new UnpackOptions { Rearrange = false });

        Assert.True(isWhole);
        Assert.Equal(TestCrash.Flattened, File.ReadAllBytes(folder.Combine("vmcore.flat")));
        Assert.Equal(TestCrash.Manifest(complete: true), File.ReadAllBytes(folder.Combine("manifest.json")));
    }

    [Fact]
    public void A_cut_stream_keeps_the_half_dump_and_the_manifest_says_so()
    {
        using var parent = new TemporaryFolder();
        (DumpFolder folder, CrashUnpacker unpacker, bool isWhole) = Unpack(parent, TestCrash.Stream()[..2_000_000]);
        unpacker.MarkIncomplete("cut");

        Assert.False(isWhole);
        Assert.Equal("a log", File.ReadAllText(folder.Combine("dmesg.txt")));
        ManifestTier dump = CaptureManifest.Load(folder.Combine("manifest.json")).Tiers[^1];
        Assert.Equal((TierStatus.Partial, "vmcore.kdump"), (dump.Status, dump.File));
        Assert.Equal(new FileInfo(folder.Combine("vmcore.kdump")).Length, dump.Bytes);
        Assert.Equal(TestCrash.Dump[2_500_000..], File.ReadAllBytes(folder.Combine("vmcore.kdump"))[2_500_000..]);
    }

    [Fact]
    public void A_whole_file_is_not_replaced_by_half_a_one()
    {
        using var parent = new TemporaryFolder();
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        writer.BeginFile("a");
        writer.Write("whole"u8);
        writer.EndFile(isWhole: true);
        writer.BeginFile("a");
        writer.Write("hal"u8);
        writer.EndFile(isWhole: false);
        (DumpFolder folder, CrashUnpacker unpacker, bool isWhole) = Unpack(parent, stream.ToArray());

        Assert.False(isWhole);
        Assert.Equal("whole", File.ReadAllText(folder.Combine("a")));
        Assert.Contains("the one that came before is kept", unpacker.Files[^1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_that_is_too_large_fails_and_what_comes_after_it_is_kept()
    {
        using var parent = new TemporaryFolder();
        (DumpFolder folder, CrashUnpacker unpacker, bool isWhole) = Unpack(
            parent, TestCrash.Stream(), new UnpackOptions { MaxBytes = new ByteCount(1_200_000) });

        Assert.False(isWhole);
        Assert.Contains("larger than", unpacker.Files[2].Problem, StringComparison.Ordinal);
        Assert.Equal(4, unpacker.Files.Count);
        Assert.Equal(TierStatus.Partial, CaptureManifest.Load(folder.Combine("manifest.json")).Tiers[^1].Status);
    }

    [Fact]
    public void A_manifest_that_is_none_is_kept_as_it_is()
    {
        using var parent = new TemporaryFolder();
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        writer.BeginFile("manifest.json");
        writer.Write("{"u8);
        writer.EndFile(isWhole: true);
        writer.Publish(isComplete: true);

        Assert.Equal("{", File.ReadAllText(Unpack(parent, stream.ToArray()).Folder.Combine("manifest.json")));
    }

    private static (DumpFolder Folder, CrashUnpacker Unpacker, bool IsWhole) Unpack(
        TemporaryFolder parent, byte[] stream, UnpackOptions? options = null)
    {
        var folder = DumpFolder.Create(parent.Path, TestCrash.Time, TestCrash.Host);
        var unpacker = new CrashUnpacker(folder, options ?? new UnpackOptions());
        return (folder, unpacker, unpacker.Run(CrashStreamReader.Open(new MemoryStream(stream), "test")));
    }
}
