using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Qemu;

/// <summary>Dumps as QEMU's dump-guest-memory writes them.</summary>
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
}
