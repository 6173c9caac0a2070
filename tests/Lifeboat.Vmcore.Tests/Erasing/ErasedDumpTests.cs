using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Split;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Erasing;

/// <summary>What is erased is gone from every format, and nothing else is.</summary>
public sealed class ErasedDumpTests : IDisposable
{
    private static readonly ErasedRange[] Ranges =
    [
        new("over.two.pages", new(new(0x0150_0ff0), new(0x0150_1010))),
        new("one.byte", new(new(0x0150_0000), new(0x0150_0001))),
        new("of.zeros", new(new(0x0160_0100), new(0x0160_0200))),
        new("last.byte", new(new(FakeKernel.RamSize - 1), new(FakeKernel.RamSize))),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("kdump", DumpCompression.Zstd, 1)]
    [InlineData("kdump", DumpCompression.None, 3)]
    [InlineData("kdump", DumpCompression.Lzo, 2)]
    [InlineData("flattened", DumpCompression.Zstd, 2)]
    [InlineData("split", DumpCompression.Zlib, 2)]
    [InlineData("joined", DumpCompression.Snappy, 1)]
    [InlineData("elf", DumpCompression.None, 1)]
    [InlineData("elf", DumpCompression.None, 3)]
    [InlineData("flattened elf", DumpCompression.None, 1)]
    public void Ranges_are_overwritten_in_every_format_and_named_by_it(string format, DumpCompression compression, int threads)
    {
        using DumpSource source = Source();
        var options = new DumpWriteOptions
        {
            Level = DumpLevel.Zero,
            Compression = compression,
            Threads = threads,
            Eraser = new DumpEraser(Ranges, []),
        };
        using DumpSource dump = DumpSource.Open(Write(source, format, options));
        Compare(source, dump, options.Eraser);
        Assert.Equal(EraseInfo.ToText(Ranges), dump.EraseInfo.ToArray());
    }

    [Theory]
    [InlineData("kdump", "elf")]
    [InlineData("elf", "kdump")]
    [InlineData("elf", "elf")]
    [InlineData("flattened", "split")]
    public void A_dump_of_an_erased_dump_still_names_what_was_erased(string first, string second)
    {
        using DumpSource source = Source();
        var options = new DumpWriteOptions { Level = DumpLevel.Zero, Eraser = new DumpEraser(Ranges[..2], []) };
        using DumpSource once = DumpSource.Open(Write(source, first, options));
        using DumpSource copied = DumpSource.Open(Write(once, second, options with { Eraser = null }));
        Assert.Equal(EraseInfo.ToText(Ranges[..2]), copied.EraseInfo.ToArray());
        using DumpSource twice = DumpSource.Open(Write(once, second, options with { Eraser = new DumpEraser(Ranges[2..], []) }));
        Assert.Equal(4, EraseInfo.Parse(twice.EraseInfo.Span).Count);
        Compare(source, twice, new DumpEraser(Ranges, []));
        Assert.Equal(source.Vmcoreinfo.OsRelease, twice.Vmcoreinfo.OsRelease);
    }

    [Fact]
    public void What_could_not_be_found_is_told_by_whoever_writes()
    {
        using DumpSource source = Source();
        var notice = new Diagnostic(VmcoreDiagnosticIds.Unsupported, "not found");
        DumpWriteResult result = KdumpFileWriter.Write(
            source, _folder.File("out"), new DumpWriteOptions { Eraser = new DumpEraser([], [notice]) });
        Assert.Contains(notice, result.Notices);
    }

    [Fact]
    public void Without_an_eraser_nothing_is_said()
    {
        using DumpSource source = Source();
        using DumpSource dump = DumpSource.Open(Write(source, "kdump", new DumpWriteOptions()));
        Assert.True(dump.EraseInfo.IsEmpty);
    }

    private static void Compare(DumpSource source, DumpSource dump, DumpEraser eraser)
    {
        byte[] before = new byte[Pfn.PageSize];
        byte[] after = new byte[Pfn.PageSize];
        byte[] copy = new byte[Pfn.PageSize];
        for (ulong pfn = 0; pfn < source.EndPfn.Value; pfn++)
        {
            PhysicalAddress address = new Pfn(pfn).Address;
            Assert.Equal(Pfn.PageSize, source.Read(address, before, out _));
            Assert.Equal(Pfn.PageSize, dump.Read(address, after, out _));
            Assert.True(eraser.Clean(address, before, copy).SequenceEqual(after), $"{address} differs");
        }
    }

    private static FakeKernel Kernel()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        var random = new Random(7);
        byte[] page = new byte[Pfn.PageSize];
        for (ulong place = 0x0150_0000; place < 0x0151_0000; place += Pfn.PageSize)
        {
            random.NextBytes(page);
            kernel.Memory.Write(place, page);
        }

        return kernel;
    }

    private DumpSource Source() => DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(Kernel())));

    private string[] Write(DumpSource source, string format, DumpWriteOptions options)
    {
        string path = _folder.File($"{Guid.NewGuid():N}");
        switch (format)
        {
            case "elf":
                _ = ElfFileWriter.Write(source, path, options);
                return [path];
            case "flattened":
                using (FileStream stream = File.Create(path))
                {
                    _ = KdumpFileWriter.WriteFlattened(source, stream, options);
                }

                return [path];
            case "flattened elf":
                using (FileStream stream = File.Create(path))
                {
                    _ = ElfFileWriter.WriteFlattened(source, stream, options);
                }

                return [path];
            case "split" or "joined":
                string[] parts = [path + ".1", path + ".2", path + ".3"];
                _ = KdumpFileWriter.WriteSplit(source, parts, options);
                if (format == "joined")
                {
                    _ = SplitDump.Join(parts, path);
                    return [path];
                }

                return parts;
            default:
                _ = KdumpFileWriter.Write(source, path, options);
                return [path];
        }
    }
}
