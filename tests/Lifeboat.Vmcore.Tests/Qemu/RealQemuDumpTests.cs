using System.Buffers.Binary;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Qemu;

/// <summary>
/// Dumps that QEMU's dump-guest-memory wrote of one stopped guest of 256 MiB and two processors, and of the same guest
/// before QEMU knew its VMCOREINFO.
/// </summary>
public sealed class RealQemuDumpTests : IDisposable
{
    private const ulong FlashPages = 64; // 256 KiB, which end at 4 GiB.
    private const ulong AllPages = (256 * 256) + FlashPages;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zlib")]
    [InlineData("lzo")]
    [InlineData("snappy")]
    public void A_compressed_dump_has_the_pages_of_the_elf_one(string name)
    {
        using var kdump = DumpSource.Open(TestDumps.RequireQemu(name));
        using var elf = DumpSource.Open(TestDumps.RequireQemu("elf"));
        Assert.Equal("kdump-compressed v6, flattened", kdump.FormatName);
        Assert.False(kdump.IsIncomplete);
        Assert.Empty(kdump.Diagnostics);
        Assert.NotNull(kdump.Vmcoreinfo.OsRelease);
        Assert.Equal(elf.Vmcoreinfo.Text, kdump.Vmcoreinfo.Text);
        Assert.Equal(elf.RamRanges, kdump.RamRanges);
        Assert.Equal(AllPages, DumpComparison.SamePages(kdump, elf, sameStates: false));
        DumpWriteResult fromElf = Filter(elf, "filtered-elf");
        Assert.Equal(fromElf.Pages, Filter(kdump, "filtered").Pages);
        Assert.InRange(fromElf.Pages.Free, 40_000UL, 60_000UL);
        Assert.InRange(fromElf.Pages.User, 1UL, 10_000UL);
        AssertSame("filtered-elf", "filtered");
    }

    [Fact]
    public void A_dump_with_paging_and_more_than_65534_segments_has_the_pages_of_the_elf_one()
    {
        string path = TestDumps.RequireQemu("paging");
        Assert.InRange(CountSegments(path), 65_535U, 1_000_000U);
        using var dump = DumpSource.Open(path);
        using var elf = DumpSource.Open(TestDumps.RequireQemu("elf"));
        Assert.Empty(dump.Diagnostics);
        Assert.False(dump.IsIncomplete);

        // The kernel does not map the firmware: its flash memory and its tables at the end of RAM.
        Assert.InRange(DumpComparison.SamePages(dump, elf, sameStates: false), AllPages - 200, AllPages);
        PageCounts fromElf = Filter(elf, "filtered-elf").Pages;
        PageCounts counts = Filter(dump, "filtered").Pages;
        Assert.Equal((fromElf.Free, fromElf.Cache, fromElf.User), (counts.Free, counts.Cache, counts.User));
        Assert.InRange(counts.Kept + 200, fromElf.Kept, fromElf.Kept + 200);
    }

    [Fact]
    public void A_dump_without_vmcoreinfo_keeps_every_page_that_is_not_zeros_and_tells()
    {
        using var bare = DumpSource.Open(TestDumps.RequireQemu("bare"));
        using var elf = DumpSource.Open(TestDumps.RequireQemu("elf"));
        Assert.True(bare.Vmcoreinfo.IsEmpty);
        Assert.Empty(bare.Diagnostics);
        Assert.Equal(elf.RamRanges, bare.RamRanges);
        ulong zeros = CountZeros(bare);
        Assert.InRange(zeros, 10_000UL, 60_000UL);

        DumpWriteResult all = Filter(bare, "all");
        Assert.Equal(
            [VmcoreDiagnosticIds.MissingKey, VmcoreDiagnosticIds.ClassKept], all.Notices.Select(notice => notice.Id));
        Assert.Equal(
            new PageCounts { Total = AllPages, Kept = AllPages - zeros, Zero = zeros }, all.Pages);
        DumpWriteResult level1 = Filter(bare, "zeros", DumpLevel.Zero);
        Assert.Empty(level1.Notices);
        Assert.Equal(all.Pages, level1.Pages);
        AssertSame("all", "zeros");
        using var written = DumpSource.Open(_folder.File("all"));
        Assert.True(written.Vmcoreinfo.IsEmpty);
        Assert.Equal(AllPages, DumpComparison.SamePages(written, bare, sameStates: false));
    }

    private static ulong CountZeros(DumpSource dump)
    {
        ulong count = 0;
        byte[] page = new byte[4096];
        foreach (PhysicalRange range in dump.RamRanges)
        {
            for (ulong pfn = range.Start.Pfn.Value; pfn < range.End.Pfn.Value; pfn++)
            {
                Assert.Equal(4096, dump.Read(new Pfn(pfn).Address, page, out _));
                count += page.AsSpan().ContainsAnyExcept((byte)0) ? 0UL : 1;
            }
        }

        return count;
    }

    /// <summary>The PT_LOADs that the program headers have, counted one by one.</summary>
    private static uint CountSegments(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> bytes = stackalloc byte[64];
        file.ReadExactly(bytes);
        Assert.True(Elf64Header.TryParse(bytes, out Elf64Header header));
        Assert.Equal(0xffff, header.ProgramHeaderCount);
        file.Position = (long)header.SectionHeaderOffset;
        file.ReadExactly(bytes);
        uint total = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]);
        file.Position = (long)header.ProgramHeaderOffset;
        uint count = 0;
        for (uint i = 0; i < total; i++)
        {
            file.ReadExactly(bytes[..56]);
            count += BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 1 ? 1U : 0;
        }

        Assert.Equal(total - 1, count);
        return count;
    }

    private DumpWriteResult Filter(DumpSource dump, string name, DumpLevel level = DumpLevel.All) =>
        KdumpFileWriter.Write(
            dump, _folder.File(name), new DumpWriteOptions { Level = level, Compression = DumpCompression.Lzo });

    private void AssertSame(string one, string other)
    {
        using var a = DumpSource.Open(_folder.File(one));
        using var b = DumpSource.Open(_folder.File(other));
        DumpComparison.SamePages(a, b);
    }
}
