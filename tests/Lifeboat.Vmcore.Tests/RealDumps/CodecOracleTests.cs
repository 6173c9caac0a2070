using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>Each codec, written by makedumpfile and read here, and the other way round. To a codec all kernels are one.</summary>
public sealed class CodecOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-c", "zlib")]
    [InlineData("-l", "lzo")]
    [InlineData("-p", "snappy")]
    [InlineData("-z", "zstd")]
    [InlineData("-f", "none")]
    [InlineData("-E", "none")]
    public void What_makedumpfile_packs_is_read(string option, string codec)
    {
        RequireCodec(codec);
        string elf = RealDump.Require();
        string path = _folder.File("theirs");

        // It makes ELF of ELF only, and the dump may be a kdump-compressed one.
        string from = elf;
        if (option == "-E")
        {
            using var original = DumpSource.Open(elf);
            from = _folder.File("elf");
            ElfFileWriter.Write(original, from, new DumpWriteOptions { Level = DumpLevel.None });
        }

        _ = Tools.Run(Tools.Makedumpfile, "-f", option, "-d", "31", from, path);
        using var dump = DumpSource.Open(path);
        using var source = DumpSource.Open(elf);
        Assert.InRange(DumpComparison.SamePages(dump, source, sameStates: false), 1000UL, ulong.MaxValue);
        Assert.Empty(dump.Diagnostics);
    }

    [Theory]
    [InlineData(DumpCompression.Zlib)]
    [InlineData(DumpCompression.Lzo)]
    [InlineData(DumpCompression.Snappy)]
    [InlineData(DumpCompression.None)]
    public void What_is_packed_here_is_read_by_drgn_and_makedumpfile(DumpCompression compression)
    {
        Tools.Require(Tools.Drgn);
        Tools.Require(Tools.Makedumpfile);
        string elf = RealDump.Require();
        using var source = DumpSource.Open(elf);
        string path = _folder.File("ours");
        DumpWriteResult result = KdumpFileWriter.Write(
            source, path, new DumpWriteOptions { Compression = compression, Threads = 2 });
        Assert.Equal(
            result.Pages.Kept + result.Pages.Zero, Tools.CompareWithDrgn(path, elf, source.EndPfn.Value));

        if (Tools.MakedumpfileHas(DumpCompressionNames.NameOf(compression)))
        {
            string log = _folder.File("log");
            string original = _folder.File("original");
            _ = Tools.Run(Tools.Makedumpfile, "-f", "--dump-dmesg", path, log);
            _ = Tools.Run(Tools.Makedumpfile, "-f", "--dump-dmesg", elf, original);
            Assert.Equal(File.ReadAllText(original), File.ReadAllText(log));
        }
    }

    [Theory]
    [InlineData(DumpCompression.Zlib, "-c")]
    [InlineData(DumpCompression.Lzo, "-l")]
    [InlineData(DumpCompression.Snappy, "-p")]
    public void Files_are_not_larger_than_makedumpfiles(DumpCompression compression, string option)
    {
        RequireCodec(DumpCompressionNames.NameOf(compression));
        string elf = RealDump.Require();
        using var source = DumpSource.Open(elf);
        string ours = _folder.File("ours");
        string theirs = _folder.File("theirs");
        KdumpFileWriter.Write(
            source, ours, new DumpWriteOptions { Compression = compression, Level = DumpLevel.Zero, Threads = 2 });
        _ = Tools.Run(Tools.Makedumpfile, "-f", option, "-d", "1", elf, theirs);
        Assert.InRange(new FileInfo(ours).Length, 1, new FileInfo(theirs).Length);
    }

    private static void RequireCodec(string codec)
    {
        Tools.Require(Tools.Makedumpfile);
        Assert.SkipUnless(Tools.MakedumpfileHas(codec), $"makedumpfile has no {codec}");
    }
}
