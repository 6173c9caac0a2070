using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class ElfFileWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpLevel.None)]
    [InlineData(DumpLevel.Zero)]
    [InlineData(DumpLevel.All)]
    public void What_is_written_reads_back_page_by_page(DumpLevel level)
    {
        var options = new DumpWriteOptions { Level = level };
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        DumpWriteResult result = ElfFileWriter.Write(source, _folder.File("out"), options);
        DumpWriteResult kdump = KdumpFileWriter.Write(source, _folder.File("kdump"), options);
        Assert.Equal((ulong)new FileInfo(_folder.File("out")).Length, result.FileSize.Value);
        Assert.Equal(kdump.Pages.Kept + kdump.Pages.Zero, result.Pages.Kept + result.Pages.Zero);
        Assert.Equal(kdump.Pages.Free, result.Pages.Free);
        using var dump = DumpSource.Open(_folder.File("out"));
        using var direct = DumpSource.Open(_folder.File("kdump"));
        Assert.Equal(("ELF", false), (dump.FormatName, dump.IsIncomplete));
        Assert.Empty(dump.Diagnostics);
        Assert.Equal(source.RamRanges, dump.RamRanges);
        Assert.Equal(source.Notes, dump.Notes.ToArray());
        Assert.Equal(
            kdump.Pages.Kept + kdump.Pages.Zero, DumpComparison.SamePages(direct, dump, sameStates: false));
        for (ulong pfn = 0; pfn < dump.EndPfn.Value; pfn++)
        {
            Assert.Equal(
                direct.GetPageState(new Pfn(pfn)) == PageState.Excluded,
                dump.GetPageState(new Pfn(pfn)) == PageState.Excluded);
        }
    }

    [Fact]
    public void A_dump_of_a_few_pages_has_its_fields_where_the_format_has_them()
    {
        byte[] page = new byte[4096];
        page[0] = 0x55;
        byte[] elf = new ElfWriter().AddNote("X", 1, "1234"u8).AddSegment(0x1000, page).AddSegment(0x9000, page).ToArray();
        using var source = DumpSource.Open(_folder.Write("in", elf));
        ElfFileWriter.Write(source, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.None });
        byte[] file = File.ReadAllBytes(_folder.File("out"));
        Assert.Equal(3 * 4096, file.Length);
        Assert.Equal(
            "7f454c46020101000000000000000000" + "0400" + "3e00" + "01000000" + "0000000000000000"
            + "4000000000000000" + "0000000000000000" + "00000000" + "4000" + "3800" + "0300" + "0000" + "0000" + "0000",
            Convert.ToHexStringLower(file.AsSpan(0, 64)));
        Assert.Equal(
            "04000000" + "00000000" + "e800000000000000" + "0000000000000000" + "0000000000000000"
            + "1400000000000000" + "1400000000000000" + "0000000000000000"
            + "01000000" + "07000000" + "0010000000000000" + "0000000000000000" + "0010000000000000"
            + "0010000000000000" + "0010000000000000" + "0000000000000000"
            + "01000000" + "07000000" + "0020000000000000" + "0000000000000000" + "0090000000000000"
            + "0010000000000000" + "0010000000000000" + "0000000000000000",
            Convert.ToHexStringLower(file.AsSpan(64, 3 * 56)));
        Assert.Equal(page, file[4096..8192]);
    }

    [Fact]
    public void A_flattened_one_is_the_same_and_small()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        ElfFileWriter.Write(source, _folder.File("direct"), new DumpWriteOptions());
        using (FileStream stream = File.Create(_folder.File("flattened")))
        {
            ElfFileWriter.WriteFlattened(source, stream, new DumpWriteOptions());
        }

        Assert.InRange(new FileInfo(_folder.File("flattened")).Length, 1, new FileInfo(_folder.File("direct")).Length / 2);
        using (FileStream stream = File.OpenRead(_folder.File("flattened")))
        {
            FlattenedDump.Rearrange(stream, _folder.File("rearranged"));
        }

        Assert.Equal(File.ReadAllBytes(_folder.File("direct")), File.ReadAllBytes(_folder.File("rearranged")));
        using var flattened = DumpSource.Open(_folder.File("flattened"));
        using var direct = DumpSource.Open(_folder.File("direct"));

        // Pages of zeros are in no record, and the flattened file can tell.
        DumpComparison.SamePages(direct, flattened, sameStates: false);
        var counts = PageStateCounts.Of(flattened, TestContext.Current.CancellationToken);
        Assert.InRange(counts.Zero, 0x1000UL, 0x2000UL);
        Assert.Equal(
            PageStateCounts.Of(direct, TestContext.Current.CancellationToken).Present, counts.Present + counts.Zero);
    }

    [Fact]
    public void More_segments_than_fit_the_header_are_counted_in_section_0()
    {
        // Every other page is RAM: more than 65,534 segments.
        const int Count = 70_000;
        using var source = new StripedMemory(Count);
        ElfFileWriter.Write(source, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.None });
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.Equal(Count, dump.RamRanges.Count);
        byte[] page = new byte[4096];
        Assert.Equal(4096, dump.Read(new Pfn(2 * (Count - 1)).Address, page, out _));
        Assert.Equal(StripedMemory.FirstByte(2 * (Count - 1)), page[0]);
        if (File.Exists(Tools.Readelf))
        {
            string output = Tools.Run(Tools.Readelf, "-hW", _folder.File("out"));
            Assert.Contains($"({Count + 1})", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pages_that_cannot_be_read_are_zeros_and_the_dump_says_that_it_is_incomplete()
    {
        using var source = new StripedMemory(8, unreadable: 6);
        DumpWriteResult result = ElfFileWriter.Write(
            source, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.None });
        Assert.Equal((1UL, 7UL, 0UL), (result.Pages.Unreadable, result.Pages.Kept, result.Pages.Zero));
        Assert.Contains(result.Notices, static d => d.Id == VmcoreDiagnosticIds.UnreadablePages);
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.True(dump.IsIncomplete);
    }

    [Fact]
    public void Writing_that_is_broken_off_leaves_a_dump_that_says_so()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        using var cancel = new CancellationTokenSource();
        var progress = new Callback(p => { if (p.Stage == DumpStage.Write) { cancel.Cancel(); } });
        Assert.ThrowsAny<OperationCanceledException>(() => ElfFileWriter.Write(
            source, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.None }, progress, cancel.Token));
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.True(dump.IsIncomplete);
    }

    [Fact]
    public void A_dump_goes_from_format_to_format_and_back()
    {
        var options = new DumpWriteOptions { Compression = DumpCompression.Snappy };
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        KdumpFileWriter.Write(source, _folder.File("kdump"), options);
        using var kdump = DumpSource.Open(_folder.File("kdump"));
        ElfFileWriter.Write(kdump, _folder.File("elf"), options);
        using var elf = DumpSource.Open(_folder.File("elf"));
        KdumpFileWriter.Write(elf, _folder.File("again"), options);
        Assert.Equal(File.ReadAllBytes(_folder.File("kdump")), File.ReadAllBytes(_folder.File("again")));
    }

    [Fact]
    public void Makedumpfile_drgn_gdb_and_readelf_read_it()
    {
        Tools.Require(Tools.Makedumpfile);
        Tools.Require(Tools.Drgn);
        Tools.Require(Tools.Gdb);
        Tools.Require(Tools.Readelf);
        IReadOnlyList<string> elfs = TestDumps.Find(".elf");
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string elf in elfs)
        {
            using var source = DumpSource.Open(elf);
            KdumpFileWriter.Write(source, _folder.File("kdump"), new DumpWriteOptions());
            using var kdump = DumpSource.Open(_folder.File("kdump"));

            // From a format that knows no virtual addresses, which have to be found.
            string path = _folder.File("ours");
            DumpWriteResult result = ElfFileWriter.Write(kdump, path, new DumpWriteOptions());
            Assert.Equal(result.Pages.Kept, Tools.CompareWithDrgn(path, elf, source.EndPfn.Value, skipZeros: true));
            _ = Tools.Run(Tools.Makedumpfile, "-f", "--dump-dmesg", path, _folder.File("log"));
            _ = Tools.Run(Tools.Makedumpfile, "-f", "--dump-dmesg", elf, _folder.File("their-log"));
            Assert.Equal(File.ReadAllText(_folder.File("their-log")), File.ReadAllText(_folder.File("log")));
            Assert.DoesNotContain("Warning", Tools.Run(Tools.Readelf, "-lnW", path), StringComparison.OrdinalIgnoreCase);

            // At the image's addresses and in the direct map.
            Assert.True(source.Vmcoreinfo.TryGetSymbol("init_uts_ns", out VirtualAddress address));
            var space = AddressSpace.OpenKernel(source);
            byte[] expected = new byte[16];
            Assert.Equal(16, space.Read(address, expected, out _));
            Assert.True(space.TryTranslate(address, out PhysicalAddress physical, out _, out _));
            using var dump = (ElfDumpSource)DumpSource.Open(path);
            ulong direct = physical.Value + dump.DirectMapOffset!.Value;
            Assert.Equal(expected, Examine(path, address));
            Assert.Equal(expected, Examine(path, new VirtualAddress(direct)));
        }
    }

    private static byte[] Examine(string core, VirtualAddress address)
    {
        string output = Tools.Run(
            Tools.Gdb, "-batch", "-nx", "-ex", $"x/16xb {address}", "-c", core);
        return
        [
            .. output.Split('\n').Where(static line => line.StartsWith("0xff", StringComparison.Ordinal))
                .SelectMany(static line => line.Split('\t').Skip(1)).Select(static text => Convert.ToByte(text.Trim(), 16)),
        ];
    }

    private sealed class Callback(Action<DumpProgress> action) : IProgress<DumpProgress>
    {
        public void Report(DumpProgress value) => action(value);
    }
}
