using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Kdump;

/// <summary>What is wrong between the parts of a file, although each part may read well.</summary>
public sealed class KdumpCheckTests : IDisposable
{
    private const int TotalRamBlocks = 444;
    private const int WrittenBlocks = 452;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _file;
    private readonly KdumpLayout _layout;
    private readonly int _pages;

    public KdumpCheckTests()
    {
        string path = Write("whole", DumpLevel.Zero | DumpLevel.Free, DumpCompression.Zstd);
        _file = File.ReadAllBytes(path);
        using var dump = (KdumpDumpSource)DumpSource.Open(path);
        _layout = dump.Layout;
        _pages = (int)dump.PageCount;
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, DumpCompression> Dumps()
    {
        var data = new TheoryData<int, DumpCompression>();
        foreach (int level in (int[])[0, 1, 17, 31])
        {
            data.Add(level, DumpCompression.Zstd);
            data.Add(level, DumpCompression.None);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Dumps))]
    public void A_whole_dump_has_no_contradictions(int level, DumpCompression compression) =>
        Assert.Empty(Check(Write("sound", (DumpLevel)level, compression)));

    [Theory]
    [InlineData(".elf")]
    [InlineData(".kdump")]
    public void Dumps_of_real_machines_have_no_contradictions(string kind)
    {
        IReadOnlyList<string> paths = TestDumps.Find(kind);
        Assert.SkipWhen(paths.Count == 0, "no dumps of real machines of this kind here (LIFEBOAT_TEST_DUMPS)");
        Assert.All(paths, path => Assert.Empty(Check(path)));
    }

    [Theory]
    [InlineData(TotalRamBlocks, "the header and the 1st bitmap count RAM differently", "total_ram_blocks")]
    [InlineData(WrittenBlocks, "the header and the 2nd bitmap count kept pages differently", "written_blocks")]
    public void A_count_in_the_header_that_the_bitmap_has_not_is_told(int offset, string what, string where)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_file.AsSpan(offset), 4711);
        Diagnostic finding = Assert.Single(Check());
        Assert.Equal((VmcoreDiagnosticIds.Contradiction, what), (finding.Id, finding.What));
        Assert.Contains(where, finding.Where, StringComparison.Ordinal);
        Assert.Equal("4711 pages", finding.Found);
    }

    [Fact]
    public void Counts_that_other_writers_leave_at_zero_are_none()
    {
        _file.AsSpan(TotalRamBlocks, 12).Clear();
        Assert.Empty(Check());
    }

    [Fact]
    public void A_kept_page_that_was_no_RAM_is_told_with_its_number()
    {
        // The first page that is kept: gone from the 1st bitmap only.
        int kept = 0;
        while ((_file[(int)_layout.KeptBitmapOffset + (kept / 8)] >> (kept % 8) & 1) == 0)
        {
            kept++;
        }

        _file[(int)_layout.RamBitmapOffset + (kept / 8)] &= (byte)~(1 << (kept % 8));
        List<Diagnostic> findings = Check();
        Assert.Contains(findings, finding => finding.What == "pages are marked as kept that were no RAM"
            && finding.Where!.EndsWith($"page 0x{kept:x}", StringComparison.Ordinal) && finding.Found == "1 pages");
    }

    [Fact]
    public void A_bit_too_many_in_the_2nd_bitmap_moves_all_pages_after_it_and_is_told()
    {
        int left = 0;
        while ((_file[(int)_layout.KeptBitmapOffset + (left / 8)] >> (left % 8) & 1) != 0)
        {
            left++;
        }

        _file[(int)_layout.KeptBitmapOffset + (left / 8)] |= (byte)(1 << (left % 8));
        List<Diagnostic> findings = Check();
        Assert.Contains(findings, finding => finding.What.Contains("2nd bitmap count", StringComparison.Ordinal));
        Assert.True(findings.Count > 1, "the entry past the table's end is made of the bytes of a page");
    }

    [Fact]
    public void A_page_within_the_headers_or_beyond_the_file_is_told()
    {
        int entry = LastPacked();
        Change(entry, descriptor => descriptor with { Offset = _layout.DescriptorsOffset });
        AssertFound("a page lies where no page can be", entry);
        Change(entry, descriptor => descriptor with { Offset = (ulong)_file.Length - 1 });

        // The last pages of a file tell whether it was cut: one before them.
        Change(entry, descriptor => descriptor with { Offset = _layout.DescriptorsOffset + 8 });
        AssertFound("a page lies where no page can be", entry);
    }

    [Fact]
    public void Two_pages_in_one_place_are_told()
    {
        int entry = LastPacked();
        PageDescriptor before = Descriptor(entry - 1);
        Change(entry, descriptor => descriptor with { Offset = before.Offset });
        AssertFound("two pages share bytes of the file", entry);
        Change(entry, descriptor => descriptor with { Offset = before.Offset + before.Length - 1 });
        AssertFound("two pages share bytes of the file", entry);
    }

    [Fact]
    public void A_page_before_the_one_it_should_follow_is_told()
    {
        int entry = LastPacked();
        PageDescriptor early = Descriptor(entry - 5);
        Change(entry, descriptor => descriptor with { Offset = early.Offset, Length = 8 });
        AssertFound("a page lies before the one that it should follow", entry);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(4097U)]
    [InlineData(uint.MaxValue)]
    public void A_size_that_no_page_has_is_told(uint length)
    {
        int entry = LastPacked() - 100;
        Change(entry, descriptor => descriptor with { Length = length });
        AssertFound("a page has a size that cannot be", entry);
    }

    [Fact]
    public void A_page_that_is_not_packed_and_not_whole_is_told()
    {
        int entry = LastPacked() - 100;
        Change(entry, descriptor => descriptor with { Codec = DumpStatus.None, Length = 17 });
        AssertFound("a page has a size that cannot be", entry);
    }

    [Fact]
    public void Two_codecs_for_one_page_are_told()
    {
        int entry = LastPacked() - 100;
        Change(entry, descriptor => descriptor with { Codec = DumpStatus.Zlib | DumpStatus.Lzo });
        AssertFound("a page is packed with no codec or with several", entry);
    }

    [Fact]
    public void A_page_that_was_never_written_is_told()
    {
        int entry = LastPacked() - 100;
        Change(entry, _ => default);
        AssertFound("a page has a place in the table and was never written", entry);
    }

    [Fact]
    public void Bitmaps_of_two_parts_that_differ_are_told()
    {
        string[] parts = [_folder.File("part.1"), _folder.File("part.2")];
        using (var source = DumpSource.Open(_folder.Write("vmcore", ElfWriter.Write(SampleDumps.Kernel()))))
        {
            KdumpFileWriter.WriteSplit(source, parts, new DumpWriteOptions { Level = DumpLevel.Zero });
        }

        using (var dump = DumpSource.Open(parts))
        {
            Assert.Empty(DumpCheck.Run(dump, TestContext.Current.CancellationToken).Contradictions);
        }

        byte[] second = File.ReadAllBytes(parts[1]);
        second[(int)_layout.RamBitmapOffset + 1] ^= 1;
        File.WriteAllBytes(parts[1], second);
        using var damaged = DumpSource.Open(parts);
        Assert.Contains(
            DumpCheck.Run(damaged, TestContext.Current.CancellationToken).Contradictions,
            finding => finding.What == "the 1st bitmaps of two parts differ"
                && finding.Where == $"{parts[1]}, from page 0x8 on");
    }

    private string Write(string name, DumpLevel level, DumpCompression compression)
    {
        using var source = DumpSource.Open(_folder.Write("vmcore", ElfWriter.Write(SampleDumps.Kernel())));
        string path = _folder.File(name);
        KdumpFileWriter.Write(source, path, new DumpWriteOptions { Level = level, Compression = compression });
        return path;
    }

    private List<Diagnostic> Check() => Check(_folder.Write("changed", _file));

    private static List<Diagnostic> Check(string path)
    {
        using var dump = DumpSource.Open(path);
        return [.. DumpCheck.Run(dump, TestContext.Current.CancellationToken).Contradictions];
    }

    private void AssertFound(string what, int entry)
    {
        Diagnostic finding = Assert.Single(Check());
        Assert.Equal(what, finding.What);
        Assert.EndsWith($"entry {entry} of the table", finding.Where, StringComparison.Ordinal);
    }

    private PageDescriptor Descriptor(int entry)
    {
        Assert.True(PageDescriptor.TryParse(
            _file.AsSpan((int)_layout.DescriptorsOffset + (entry * PageDescriptor.Size)), out PageDescriptor descriptor));
        return descriptor;
    }

    private void Change(int entry, Func<PageDescriptor, PageDescriptor> change) =>
        change(Descriptor(entry)).WriteTo(_file.AsSpan((int)_layout.DescriptorsOffset + (entry * PageDescriptor.Size)));

    // With nothing packed after it, so that what is changed there says nothing of others.
    private int LastPacked()
    {
        int entry = _pages - 1;
        while (Descriptor(entry).Codec == DumpStatus.None)
        {
            entry--;
        }

        return entry;
    }
}
