using System.IO.Pipes;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Flattened;

public sealed class FlattenedWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_stream_has_its_fields_where_makedumpfile_puts_them()
    {
        using var source = DumpSource.Open(_folder.Write("in", SampleDumps.SmallElf(1)));
        using var stream = new MemoryStream();
        KdumpFileWriter.WriteFlattened(source, stream, new DumpWriteOptions());
        byte[] bytes = stream.ToArray();
        Assert.Equal(
            "6d616b6564756d7066696c6500000000" + "0000000000000001" + "0000000000000001" + "0000000000000000",
            Convert.ToHexStringLower(bytes.AsSpan(0, 40)));

        // The first record is the header of 464 bytes at offset 0, the last ends the stream.
        Assert.Equal(
            "0000000000000000" + "00000000000001d0" + "4b44554d50202020" + "06000000",
            Convert.ToHexStringLower(bytes.AsSpan(4096, 28)));
        Assert.Equal(new string('f', 32), Convert.ToHexStringLower(bytes.AsSpan(bytes.Length - 16)));
    }

    [Theory]
    [InlineData(DumpLevel.None, 1)]
    [InlineData(DumpLevel.All, 3)]
    public void A_flattened_dump_is_the_dump(DumpLevel level, int threads)
    {
        var options = new DumpWriteOptions { Level = level, Threads = threads, Compression = DumpCompression.Lzo };
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        DumpWriteResult direct = KdumpFileWriter.Write(source, _folder.File("direct"), options);
        using (FileStream stream = File.Create(_folder.File("flattened")))
        {
            DumpWriteResult result = KdumpFileWriter.WriteFlattened(source, stream, options);
            Assert.Equal((direct.FileSize, direct.Pages), (result.FileSize, result.Pages));
        }

        using (FileStream stream = File.OpenRead(_folder.File("flattened")))
        {
            ByteCount length = FlattenedDump.Rearrange(stream, _folder.File("rearranged"));
            Assert.Equal(direct.FileSize, length);
        }

        Assert.Equal(File.ReadAllBytes(_folder.File("direct")), File.ReadAllBytes(_folder.File("rearranged")));
        using var flattened = DumpSource.Open(_folder.File("flattened"));
        using var dump = DumpSource.Open(_folder.File("direct"));
        Assert.False(flattened.IsIncomplete);
        Assert.Equal(direct.Pages.Kept + direct.Pages.Zero, DumpComparison.SamePages(dump, flattened));
        Assert.Equal(dump.RamRanges, flattened.RamRanges);
    }

    [Fact]
    public async Task A_pipe_carries_it()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        KdumpFileWriter.Write(source, _folder.File("direct"), new DumpWriteOptions());
        using var reader = new AnonymousPipeServerStream(PipeDirection.In);
        using var writer = new AnonymousPipeClientStream(PipeDirection.Out, reader.ClientSafePipeHandle);
        Task write = Task.Factory.StartNew(
            () =>
            {
                KdumpFileWriter.WriteFlattened(source, writer, new DumpWriteOptions());
                writer.Dispose();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        FlattenedDump.Rearrange(reader, _folder.File("rearranged"));
        await write;
        Assert.Equal(File.ReadAllBytes(_folder.File("direct")), File.ReadAllBytes(_folder.File("rearranged")));
    }

    [Fact]
    public void A_stream_that_ends_early_is_an_incomplete_dump_that_opens()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        using var stream = new MemoryStream();
        KdumpFileWriter.WriteFlattened(source, stream, new DumpWriteOptions { Level = DumpLevel.None });
        byte[] cut = stream.ToArray()[..(int)(stream.Length / 2)];
        using var dump = DumpSource.Open(_folder.Write("cut", cut));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(PageState.Present, dump.GetPageState(new Pfn(0)));
        Assert.Equal(PageState.Truncated, dump.GetPageState(new Pfn(0x1fff)));
        Assert.Throws<DumpFormatException>(
            () => FlattenedDump.Rearrange(new MemoryStream(cut), _folder.File("rearranged")));
        using var rearranged = DumpSource.Open(_folder.File("rearranged"));
        Assert.True(rearranged.IsIncomplete);
        Assert.Equal(PageState.Present, rearranged.GetPageState(new Pfn(0)));
    }

    [Fact]
    public void Makedumpfile_rearranges_what_is_flattened_here()
    {
        Tools.Require(Tools.Makedumpfile);
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        var options = new DumpWriteOptions { Compression = DumpCompression.Zlib };
        KdumpFileWriter.Write(source, _folder.File("direct"), options);
        using (FileStream stream = File.Create(_folder.File("flattened")))
        {
            KdumpFileWriter.WriteFlattened(source, stream, options);
        }

        _ = Tools.Run(
            "/bin/sh", "-c", $"{Tools.Makedumpfile} -f -R {_folder.File("theirs")} < {_folder.File("flattened")}");
        Assert.Equal(File.ReadAllBytes(_folder.File("direct")), File.ReadAllBytes(_folder.File("theirs")));
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("-E")]
    public void What_makedumpfile_flattens_is_read(string option)
    {
        Tools.Require(Tools.Makedumpfile);
        IReadOnlyList<string> elfs = TestDumps.Find(".elf");
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        string path = _folder.File("theirs");

        // makedumpfile makes ELF of ELF only, and the dump may be a kdump-compressed one.
        string elf = _folder.File("elf");
        using var source = DumpSource.Open(elfs[0]);
        ElfFileWriter.Write(source, elf, new DumpWriteOptions { Level = DumpLevel.None });
        _ = Tools.Run("/bin/sh", "-c", $"{Tools.Makedumpfile} -F {option} -d 31 {elf} > {path}");
        using var flattened = DumpSource.Open(path);
        Assert.EndsWith("flattened", flattened.FormatName, StringComparison.Ordinal);
        Assert.False(flattened.IsIncomplete);
        Assert.InRange(DumpComparison.SamePages(flattened, source, sameStates: false), 1000UL, ulong.MaxValue);
    }
}
