using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class LevelRaisingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DumpSource _source;

    public LevelRaisingTests() =>
        _source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(SampleDumps.Kernel())));

    public void Dispose()
    {
        _source.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_dump_that_does_not_fit_is_written_at_the_first_level_that_does()
    {
        ulong whole = SizeAt(DumpLevel.None);
        ulong small = SizeAt(DumpLevel.Zero | DumpLevel.Free);
        Assert.True(small < whole);
        DumpWriteResult result = KdumpFileWriter.Write(_source, _folder.File("out"), Options(DumpLevel.None) with
        {
            MaxSize = new ByteCount(small),
            RaiseTo = [DumpLevel.Zero | DumpLevel.Free, DumpLevel.All],
        });
        Assert.Equal(DumpLevel.Zero | DumpLevel.Free, result.Level);
        Assert.Contains(result.Notices, notice => notice.Id == VmcoreDiagnosticIds.LevelRaised);
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.False(dump.IsIncomplete);
        Assert.Equal(DumpLevel.Zero | DumpLevel.Free, dump.HeaderLevel);
    }

    [Theory]
    [InlineData(DumpLevel.None)]
    [InlineData(DumpLevel.Zero | DumpLevel.Free)]
    public void A_stream_begins_at_the_first_level_that_is_likely_to_fit(DumpLevel expected)
    {
        using var stream = new MemoryStream();
        var most = new ByteCount(SizeAt(expected) * 9 / 8);
        DumpWriteResult result = KdumpFileWriter.WriteFlattened(_source, stream, Options(DumpLevel.None) with
        {
            MaxSize = most,
            RaiseTo = DumpLevels.Above(DumpLevel.None),
        });
        Assert.Equal(expected, result.Level);
        Assert.Equal(expected != DumpLevel.None, result.Notices.Any(notice => notice.Id == VmcoreDiagnosticIds.LevelRaised));
        Assert.True(stream.Length <= (long)most.Value);
        using var dump = DumpSource.Open(_folder.Write("out", stream.ToArray()));
        Assert.False(dump.IsIncomplete);
        Assert.Equal(expected, dump.HeaderLevel);
    }

    [Fact]
    public void A_stream_that_fits_at_no_level_is_written_at_the_last_as_far_as_it_may_go()
    {
        using var stream = new MemoryStream();
        _ = Assert.Throws<KernelInterfaceException>(() => KdumpFileWriter.WriteFlattened(_source, stream, Options(DumpLevel.None) with
        {
            MaxSize = new ByteCount(SizeAt(DumpLevel.All) / 2),
            RaiseTo = DumpLevels.Above(DumpLevel.None),
        }));
        using var dump = DumpSource.Open(_folder.Write("out", stream.ToArray()));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(DumpLevel.All, dump.HeaderLevel);
    }

    [Fact]
    public void With_no_level_left_what_was_written_stays_and_says_that_it_is_incomplete()
    {
        var refusal = Assert.Throws<KernelInterfaceException>(() => KdumpFileWriter.Write(
            _source,
            _folder.File("out"),
            Options(DumpLevel.None) with { MaxSize = new ByteCount(SizeAt(DumpLevel.All) - 1), RaiseTo = [DumpLevel.All] }));
        Assert.Equal(Errno.EFBIG, refusal.Errno);
        using var dump = DumpSource.Open(_folder.File("out"));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(DumpLevel.All, dump.HeaderLevel);
    }

    [Fact]
    public void A_file_has_never_more_than_it_may_have()
    {
        for (ulong most = 4096; most < SizeAt(DumpLevel.None); most += 40_000)
        {
            _ = Assert.Throws<KernelInterfaceException>(() => KdumpFileWriter.Write(
                _source, _folder.File("out"), Options(DumpLevel.None) with { MaxSize = new ByteCount(most) }));
            Assert.True(new FileInfo(_folder.File("out")).Length <= (long)most);
        }
    }

    [Fact]
    public void An_elf_dump_is_raised_too()
    {
        ulong whole = ElfFileWriter.Write(_source, _folder.File("whole"), Options(DumpLevel.None)).FileSize.Value;
        DumpWriteResult result = ElfFileWriter.Write(
            _source,
            _folder.File("out"),
            Options(DumpLevel.None) with { MaxSize = new ByteCount(whole - 1), RaiseTo = [DumpLevel.Free] });
        Assert.Equal(DumpLevel.Free, result.Level);
    }

    [Fact]
    public void All_parts_of_a_split_dump_are_raised_together()
    {
        string[] parts = [_folder.File("out.1"), _folder.File("out.2")];
        DumpWriteResult result = KdumpFileWriter.WriteSplit(
            _source, parts, new DumpWriteOptions
            {
                Level = DumpLevel.None,
                Compression = DumpCompression.None,
                MaxSize = ByteCount.FromMiB(8),
                RaiseTo = [DumpLevel.All],
            });
        Assert.Equal(DumpLevel.All, result.Level);
        using var dump = DumpSource.Open(parts);
        Assert.Equal((false, DumpLevel.All), (dump.IsIncomplete, dump.HeaderLevel));
    }

    private static DumpWriteOptions Options(DumpLevel level) => new() { Level = level };

    private ulong SizeAt(DumpLevel level) =>
        KdumpFileWriter.Write(_source, _folder.File($"at{(int)level}"), Options(level)).FileSize.Value;
}
