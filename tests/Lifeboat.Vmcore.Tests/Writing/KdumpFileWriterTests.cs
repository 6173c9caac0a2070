using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class KdumpFileWriterTests : IDisposable
{
    private const int Buddy = -129;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpLevel.None, 1, 1)]
    [InlineData(DumpLevel.Zero, 1, 3)]
    [InlineData(DumpLevel.All, 1, 1)]
    [InlineData(DumpLevel.All, 2, 1)]
    [InlineData(DumpLevel.All, 3, 0)]
    [InlineData(DumpLevel.None, 4, 9)]
    public void What_is_written_reads_back_page_by_page(DumpLevel level, int threads, int compression)
    {
        FakeKernel kernel = Kernel();
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(kernel)));
        string path = _folder.File("out.kdump");
        DumpWriteResult result = KdumpFileWriter.Write(
            source, path, new DumpWriteOptions { Level = level, Threads = threads, CompressionLevel = compression });
        Assert.Empty(result.Notices);
        Assert.Equal((ulong)new FileInfo(path).Length, result.FileSize.Value);

        using var dump = DumpSource.Open(path);
        Assert.False(dump.IsIncomplete);
        Assert.Equal("kdump-compressed v6", dump.FormatName);
        Assert.Equal(level, dump.HeaderLevel);
        Assert.Equal(source.RamRanges, dump.RamRanges);
        Assert.Equal(source.Notes, dump.Notes.ToArray());
        Assert.Equal("6.1.0-fake", dump.Vmcoreinfo.OsRelease);
        (byte[] expected, byte[] found) = (new byte[4096], new byte[4096]);
        ulong kept = 0;
        ulong zero = 0;
        for (ulong pfn = 0; pfn < source.EndPfn.Value; pfn++)
        {
            PageState state = dump.GetPageState(new Pfn(pfn));
            kept += state == PageState.Present ? 1UL : 0;
            zero += state == PageState.Zero ? 1UL : 0;
            bool isFree = level.HasFlag(DumpLevel.Free) && pfn is >= 0x400 and < 0x800;
            Assert.Equal(isFree, state == PageState.Excluded);
            int read = dump.Read(new Pfn(pfn).Address, found, out MemoryFault fault);
            if (isFree)
            {
                Assert.Equal(MemoryFaultReason.Excluded, fault.Reason);
                continue;
            }

            Assert.Equal(4096, read);
            _ = source.Read(new Pfn(pfn).Address, expected, out _);
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{new Pfn(pfn)} differs");
        }

        PageCounts counts = result.Pages;
        Assert.Equal((kept, zero), (counts.Kept, counts.Zero));
        Assert.Equal(
            counts.Total,
            counts.Kept + counts.Zero + counts.Free + counts.Cache + counts.PrivateCache + counts.User
                + counts.HardwarePoison + counts.Offline + counts.Unreadable);
    }

    [Theory]
    [InlineData(DumpCompression.None, 0u)]
    [InlineData(DumpCompression.Zlib, 1u)]
    [InlineData(DumpCompression.Lzo, 2u)]
    [InlineData(DumpCompression.Snappy, 4u)]
    [InlineData(DumpCompression.Zstd, 0x20u)]
    public void Each_codec_is_named_in_the_header_and_read_back(DumpCompression compression, uint status)
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));
        var options = new DumpWriteOptions { Level = DumpLevel.None, Compression = compression, Threads = 2 };
        DumpWriteResult result = KdumpFileWriter.Write(source, _folder.File("out"), options);
        byte[] file = File.ReadAllBytes(_folder.File("out"));
        Assert.Equal(status, BitConverter.ToUInt32(file, 424));
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.Equal(0x2000UL, DumpComparison.SamePages(source, dump));
        Assert.Equal(compression == DumpCompression.None, result.FileSize.Value > 0x2000 * 4096);
    }

    [Fact]
    public void Names_of_codecs_are_read_back()
    {
        foreach (string name in DumpCompressionNames.All)
        {
            Assert.True(DumpCompressionNames.TryParse(name, out DumpCompression compression));
            Assert.Equal(name, DumpCompressionNames.NameOf(compression));
        }

        Assert.False(DumpCompressionNames.TryParse("lz4", out _));
    }

    [Theory]
    [InlineData(DumpCompression.Zlib)]
    [InlineData(DumpCompression.Lzo)]
    [InlineData(DumpCompression.Snappy)]
    [InlineData(DumpCompression.Zstd)]
    public void Nothing_is_allocated_per_page_with_any_codec(DumpCompression compression)
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));
        string path = _folder.File("out");
        var options = new DumpWriteOptions { Level = DumpLevel.None, Compression = compression };
        KdumpFileWriter.Write(source, path, options);
        long before = GC.GetAllocatedBytesForCurrentThread();
        KdumpFileWriter.Write(source, path, options);
        using (var dump = DumpSource.Open(path))
        {
            byte[] page = new byte[4096];
            for (ulong pfn = 0; pfn < 0x2000; pfn++)
            {
                _ = dump.Read(new Pfn(pfn).Address, page, out _);
            }
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512 * 1024);
    }

    [Fact]
    public void Any_number_of_threads_writes_the_same_bytes()
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));
        byte[][] files = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            string path = _folder.File($"out{threads}");
            KdumpFileWriter.Write(source, path, new DumpWriteOptions { Threads = threads });
            return File.ReadAllBytes(path);
        })];
        Assert.True(files[0].AsSpan().SequenceEqual(files[1]));
        Assert.True(files[0].AsSpan().SequenceEqual(files[2]));
    }

    [Fact]
    public void A_dump_filtered_again_has_no_more_and_no_less()
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));
        KdumpFileWriter.Write(source, _folder.File("once"), new DumpWriteOptions { Level = DumpLevel.Zero });
        using var once = DumpSource.Open(_folder.File("once"));
        KdumpFileWriter.Write(once, _folder.File("twice"), new DumpWriteOptions());
        KdumpFileWriter.Write(source, _folder.File("direct"), new DumpWriteOptions());
        Assert.Equal(File.ReadAllBytes(_folder.File("direct")), File.ReadAllBytes(_folder.File("twice")));
    }

    [Fact]
    public void A_range_that_ends_within_a_page_is_kept_with_zeros_after_it()
    {
        byte[] ram = new byte[0x1400];
        Array.Fill(ram, (byte)7);
        using var source = DumpSource.Open(_folder.Write("in.elf", new ElfWriter().AddSegment(0x1000, ram).ToArray()));
        DumpWriteResult result = KdumpFileWriter.Write(
            source, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.None });
        Assert.Equal(2UL, result.Pages.Kept);
        using var dump = DumpSource.Open(_folder.File("out"));
        byte[] page = new byte[4096];
        Assert.Equal(4096, dump.Read(new PhysicalAddress(0x2000), page, out _));
        Assert.Equal(0x400, page.Count(static b => b == 7));
    }

    [Fact]
    public void Pages_that_cannot_be_read_are_left_out_and_told()
    {
        byte[] file = new ElfWriter().AddSegment(0, new byte[0x1000]).AddSegment(0x10000, Filled(0x8000)).ToArray();
        using var source = DumpSource.Open(_folder.Write("in.elf", file[..^0x2800]));
        DumpWriteResult result = KdumpFileWriter.Write(
            source, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.Zero });
        Assert.Equal(3UL, result.Pages.Unreadable);
        Assert.Contains(result.Notices, static d => d.Id == VmcoreDiagnosticIds.UnreadablePages);
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.True(dump.IsIncomplete);
        byte[] page = new byte[4096];
        Assert.Equal(4096, dump.Read(new PhysicalAddress(0x14000), page, out _));
        Assert.Equal(Filled(0x8000)[0x4000..0x5000], page);
        Assert.Equal(PageState.Excluded, dump.GetPageState(new Pfn(0x17)));
    }

    [Theory]
    [InlineData(false, PageState.Excluded)]
    [InlineData(true, PageState.Truncated)]
    public void A_dump_that_lacks_one_page_of_a_whole_machine_says_that_it_is_incomplete(bool isStream, PageState state)
    {
        using var source = new StripedMemory(8, unreadable: 6);
        var options = new DumpWriteOptions { Level = DumpLevel.None };
        if (isStream)
        {
            using FileStream stream = File.Create(_folder.File("out"));
            KdumpFileWriter.WriteFlattened(source, stream, options);
        }
        else
        {
            KdumpFileWriter.Write(source, _folder.File("out"), options);
        }

        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(state, dump.GetPageState(new Pfn(6)));
        byte[] page = new byte[4096];
        Assert.Equal(4096, dump.Read(new Pfn(8).Address, page, out _));
        Assert.Equal(StripedMemory.FirstByte(8), page[0]);
    }

    [Theory]
    [InlineData(DumpStage.Classify)]
    [InlineData(DumpStage.Write)]
    public void Writing_that_is_broken_off_leaves_a_dump_that_says_so(DumpStage stage)
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));
        using var cancel = new CancellationTokenSource();
        var progress = new Callback(p =>
        {
            if (p.Stage == stage && p.PagesDone > 0)
            {
                cancel.Cancel();
            }
        });

        // With a second thread the rest may be written before this one hears of the end.
        var options = new DumpWriteOptions { Level = DumpLevel.None };
        Assert.ThrowsAny<OperationCanceledException>(
            () => KdumpFileWriter.Write(source, _folder.File("out"), options, progress, cancel.Token));
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.True(dump.IsIncomplete);
        if (stage == DumpStage.Write)
        {
            Assert.Equal(PageState.Present, dump.GetPageState(new Pfn(0)));
            Assert.Equal(PageState.Truncated, dump.GetPageState(new Pfn(0x1fff)));
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_page()
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));
        string path = _folder.File("out");
        KdumpFileWriter.Write(source, path, new DumpWriteOptions());
        long before = GC.GetAllocatedBytesForCurrentThread();
        DumpWriteResult result = KdumpFileWriter.Write(source, path, new DumpWriteOptions { Level = DumpLevel.None });
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0x2000UL, result.Pages.Kept);
        Assert.InRange(allocated, 0, 256 * 1024);
    }

    [Fact]
    public void A_full_disk_is_told_with_its_error_number_and_path()
    {
        using var source = DumpSource.Open(_folder.Write("in.elf",
            new ElfWriter().AddSegment(0, new byte[4096]).ToArray()));
        KernelInterfaceException e = Assert.Throws<KernelInterfaceException>(
            () => KdumpFileWriter.Write(source, "/dev/full", new DumpWriteOptions()));
        Assert.Equal((Errno.ENOSPC, "/dev/full"), (e.Errno, e.Path));
    }

    [Fact]
    public void A_dump_without_vmcoreinfo_keeps_every_page_and_says_so()
    {
        using var source = DumpSource.Open(_folder.Write("in.elf",
            new ElfWriter().AddSegment(0, Filled(0x4000)).ToArray()));
        DumpWriteResult result = KdumpFileWriter.Write(source, _folder.File("out"), new DumpWriteOptions());
        Assert.Equal(4UL, result.Pages.Kept);
        Assert.Contains(result.Notices, static d => d.Id == VmcoreDiagnosticIds.ClassKept);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 20)]
    [InlineData(1, -1)]
    public void Options_out_of_range_are_the_callers_bug(int threads, int compression)
    {
        using var source = DumpSource.Open(_folder.Write("in.elf",
            new ElfWriter().AddSegment(0, new byte[4096]).ToArray()));
        var options = new DumpWriteOptions { Threads = threads, CompressionLevel = compression };
        Assert.Throws<ArgumentOutOfRangeException>(() => KdumpFileWriter.Write(source, _folder.File("out"), options));
    }

    private static byte[] Filled(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static FakeKernel Kernel()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(0x400, type: Buddy, privateData: 10);
        for (int i = 0; i < 0x300; i++)
        {
            // Half of it does not compress.
            byte[] page = Filled(4096);
            page.AsSpan((i % 2) * 2048).Fill((byte)i);
            kernel.Memory.Write(0x80_0000 + ((ulong)i * 4096), page);
        }

        return kernel;
    }

    private sealed class Callback(Action<DumpProgress> action) : IProgress<DumpProgress>
    {
        public void Report(DumpProgress value) => action(value);
    }
}
