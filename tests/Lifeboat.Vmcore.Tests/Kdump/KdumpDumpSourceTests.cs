using System.Buffers.Binary;
using System.IO.Compression;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Kdump;

public sealed class KdumpDumpSourceTests : IDisposable
{
    private const int Pages = 8;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pages_packed_with_zlib_and_raw_pages_are_read()
    {
        byte[] file = SmallDump();
        (int descriptors, byte[] page) = (DescriptorsOffset(file), Page(3));
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(page);
        }

        byte[] whole = [.. file, .. packed.ToArray()];
        new PageDescriptor { Offset = (ulong)file.Length, Length = (uint)packed.Length, Codec = DumpStatus.Zlib }
            .WriteTo(whole.AsSpan(descriptors + (3 * PageDescriptor.Size)));
        using var dump = DumpSource.Open(_folder.Write("zlib", whole));
        byte[] bytes = new byte[4096];
        Assert.Equal(4096, dump.Read(new PhysicalAddress(3 * 4096), bytes, out _));
        Assert.Equal(page, bytes);
    }

    [Theory]
    [InlineData(3u, "0x3")]
    [InlineData(0x10u, "0x10")]
    [InlineData(0x4000u, "0x4000")]
    public void A_codec_that_is_not_known_is_a_fault_and_told_once(uint codec, string name)
    {
        byte[] file = SmallDump();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(DescriptorsOffset(file) + 12), codec);
        using var dump = DumpSource.Open(_folder.Write("unknown", file));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(0, dump.Read(PhysicalAddress.Zero, new byte[16], out MemoryFault fault));
            Assert.Equal(MemoryFaultReason.Damaged, fault.Reason);
        }

        Assert.Contains(name, Assert.Single(dump.Diagnostics).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_was_never_written_is_truncated()
    {
        byte[] file = SmallDump();
        file.AsSpan(DescriptorsOffset(file) + (2 * PageDescriptor.Size), PageDescriptor.Size).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(424), 0x28);
        using var dump = DumpSource.Open(_folder.Write("incomplete", file));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(PageState.Truncated, dump.GetPageState(new Pfn(2)));
        Assert.Equal(4096, dump.Read(new PhysicalAddress(0x1000), new byte[8192], out MemoryFault fault));
        Assert.Equal(new MemoryFault(0x2000, MemoryFaultReason.Truncated), fault);
    }

    [Fact]
    public void A_page_that_does_not_decompress_to_a_page_is_damaged()
    {
        byte[] file = SmallDump();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(DescriptorsOffset(file) + 8), 20);
        using var dump = DumpSource.Open(_folder.Write("damaged", file));
        Assert.Equal(0, dump.Read(PhysicalAddress.Zero, new byte[16], out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Damaged, fault.Reason);
    }

    [Fact]
    public void A_file_that_ends_within_its_bitmaps_is_refused()
    {
        byte[] file = SmallDump();
        string path = _folder.Write("cut", file[..(DescriptorsOffset(file) - 1)]);
        DumpFormatException e = Assert.Throws<DumpFormatException>(() => DumpSource.Open(path));
        Assert.Equal(VmcoreDiagnosticIds.Truncated, e.Diagnostics[0].Id);
    }

    [Fact]
    public void A_file_cut_in_its_pages_reads_up_to_there()
    {
        byte[] file = SmallDump();
        using var dump = DumpSource.Open(_folder.Write("cut", file[..^100]));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(PageState.Present, dump.GetPageState(new Pfn(0)));
        Assert.Equal(PageState.Truncated, dump.GetPageState(new Pfn(Pages - 1)));
    }

    [Fact]
    public void A_part_of_a_split_dump_whose_range_cannot_be_is_refused()
    {
        byte[] file = SmallDump();
        file[4096 + 12] = 1;
        file[4096 + 88] = Pages + 1;
        DumpFormatException e = Assert.Throws<DumpFormatException>(() => DumpSource.Open(_folder.Write("split", file)));
        Assert.Equal(VmcoreDiagnosticIds.BadHeader, e.Diagnostics[0].Id);
    }

    [Theory]
    [InlineData(1, 12, false)]
    [InlineData(2, 32, false)]
    [InlineData(3, 48, true)]
    [InlineData(4, 64, true)]
    [InlineData(5, 80, true)]
    public void Older_versions_are_read_by_the_fields_they_have(int version, int subHeaderBytes, bool hasInfo)
    {
        byte[] file = SmallDump();
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), version);
        file.AsSpan(4096 + subHeaderBytes, KdumpSubHeader.Size - subHeaderBytes).Fill(0xee);
        using var dump = DumpSource.Open(_folder.Write("old", file));
        using var original = DumpSource.Open(_folder.File("small.elf"));
        Assert.Equal($"kdump-compressed v{version}", dump.FormatName);
        Assert.Equal(hasInfo ? "6.1" : null, dump.Vmcoreinfo.OsRelease);
        Assert.Empty(dump.Diagnostics);
        Assert.Equal((ulong)Pages, DumpComparison.SamePages(original, dump));
    }

    private static byte[] Page(int number)
    {
        byte[] page = new byte[4096];
        new Random(number).NextBytes(page.AsSpan(0, 1000));
        page[0] = (byte)(number + 1);
        return page;
    }

    private static int DescriptorsOffset(byte[] file) =>
        4096 * (1 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(432))
            + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(436)));

    private byte[] SmallDump()
    {
        byte[] ram = [.. Enumerable.Range(0, Pages).SelectMany(Page)];
        string elf = _folder.Write("small.elf", new ElfWriter()
            .AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).AddSegment(0, ram).ToArray());
        using var source = DumpSource.Open(elf);
        string path = _folder.File("small.kdump");
        KdumpFileWriter.Write(source, path, new DumpWriteOptions { Level = DumpLevel.None });
        return File.ReadAllBytes(path);
    }
}
