using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Qemu;

/// <summary>
/// What QEMU's dump-guest-memory writes. Real ones lie in the folder of real dumps: NAME.qemu (ELF), NAME.qemu-zlib
/// (-z) and NAME.qemu-paging (-p), all of one stopped guest.
/// </summary>
public sealed class QemuDumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_elf_dump_is_read_with_and_without_a_vmcoreinfo_note(bool hasInfo)
    {
        var writer = new ElfWriter().AddNote("CORE", 1, new byte[336]).AddNote("QEMU", 0, new byte[432]);
        if (hasInfo)
        {
            writer.AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\nPAGESIZE=4096\n"u8);
        }

        byte[] low = new byte[0xa0000];
        low[0x1234] = 7;
        using var dump = DumpSource.Open(_folder.Write(
            "qemu", writer.AddSegment(0, low).AddSegment(0xc0000, new byte[0x40000]).ToArray()));
        Assert.Equal(hasInfo ? "6.1" : null, dump.Vmcoreinfo.OsRelease);
        Assert.Equal(2, dump.RamRanges.Count);
        Assert.Equal(PageState.NotRam, dump.GetPageState(new Pfn(0xa5)));
        DumpWriteResult result = KdumpFileWriter.Write(
            dump, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.Zero });
        Assert.Equal((1UL, 0xdfUL), (result.Pages.Kept, result.Pages.Zero));
    }

    [Theory]
    [InlineData(DumpCompression.Zlib)]
    [InlineData(DumpCompression.Lzo)]
    [InlineData(DumpCompression.Snappy)]
    public void A_compressed_dump_is_a_flattened_one(DumpCompression compression)
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        KdumpFileWriter.Write(
            source, _folder.File("kdump"), new DumpWriteOptions { Level = DumpLevel.Zero, Compression = compression });
        using var kdump = DumpSource.Open(_folder.File("kdump"));
        byte[] file = File.ReadAllBytes(_folder.File("kdump"));

        // QEMU names the machine only, counts no blocks, and gives every page of RAM for one that is there.
        Assert.True(DiskDumpHeader.TryParse(file, out DiskDumpHeader header));
        (header with
        {
            UtsName = new DumpUtsName("", "", "", "", "x86_64", ""),
            TotalRamBlocks = 0,
            WrittenBlocks = 0,
            TimestampSeconds = 0,
        }).WriteTo(file);
        using var qemu = DumpSource.Open(_folder.Write("qemu", FlattenedBuilder.Cut(file, 4096, seed: 9)));
        Assert.Equal("kdump-compressed v6, flattened", qemu.FormatName);
        Assert.False(qemu.IsIncomplete);
        Assert.Equal("6.1.0-fake", qemu.Vmcoreinfo.OsRelease);
        Assert.Equal(0x2000UL, DumpComparison.SamePages(kdump, qemu));
    }

    [Fact]
    public void Real_compressed_dumps_have_the_pages_of_the_elf_ones()
    {
        IReadOnlyList<string> compressed = TestDumps.Find(".qemu-zlib");
        Assert.SkipWhen(compressed.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with NAME.qemu-zlib");
        foreach (string path in compressed)
        {
            using var kdump = DumpSource.Open(path);
            using var elf = DumpSource.Open(Path.ChangeExtension(path, ".qemu"));
            Assert.Equal("kdump-compressed v6, flattened", kdump.FormatName);
            Assert.False(kdump.IsIncomplete);
            Assert.Empty(kdump.Diagnostics);
            Assert.NotNull(kdump.Vmcoreinfo.OsRelease);
            Assert.Equal(elf.Vmcoreinfo.OsRelease, kdump.Vmcoreinfo.OsRelease);
            Assert.Equal(elf.RamRanges, kdump.RamRanges);

            // Up to 4 GiB, where QEMU's flash memory ends.
            Assert.InRange(DumpComparison.SamePages(kdump, elf, sameStates: false), 60_000UL, ulong.MaxValue);
            DumpWriteResult result = KdumpFileWriter.Write(
                kdump, _folder.File("filtered"), new DumpWriteOptions { Compression = DumpCompression.Lzo });
            DumpWriteResult fromElf = KdumpFileWriter.Write(
                elf, _folder.File("filtered-elf"), new DumpWriteOptions { Compression = DumpCompression.Lzo });
            Assert.Empty(result.Notices);
            Assert.Equal(fromElf.Pages, result.Pages);
            Assert.Equal(
                BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(_folder.File("filtered-elf")).AsSpan(4096)),
                BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(_folder.File("filtered")).AsSpan(4096)));
        }
    }

    [Fact]
    public void A_real_dump_with_paging_and_more_than_65534_segments_has_the_same_pages()
    {
        IReadOnlyList<string> paging = TestDumps.Find(".qemu-paging");
        Assert.SkipWhen(paging.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with NAME.qemu-paging");
        foreach (string path in paging)
        {
            using var dump = DumpSource.Open(path);
            using var elf = DumpSource.Open(Path.ChangeExtension(path, ".qemu"));
            Assert.Empty(dump.Diagnostics);
            Assert.False(dump.IsIncomplete);
            Assert.InRange(DumpComparison.SamePages(dump, elf, sameStates: false), 60_000UL, ulong.MaxValue);
        }
    }
}
