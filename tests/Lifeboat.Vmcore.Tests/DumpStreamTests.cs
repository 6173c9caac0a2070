using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests;

public sealed class DumpStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_of_any_format_is_read_as_the_file_would_be(bool isFlattened)
    {
        byte[] elf = ElfWriter.Write(SampleDumps.Kernel());
        using var file = DumpSource.Open(_folder.Write("elf", elf));
        byte[] bytes = isFlattened ? FlattenedBuilder.Cut(elf, 100_000, seed: 1) : elf;
        string place = Directory.CreateDirectory(_folder.File("temporary")).FullName;
        using (DumpSource stream = Open(bytes, place))
        {
            Assert.Empty(Directory.GetFileSystemEntries(place));
            Assert.Equal("a pipe", stream.Path);
            Assert.Equal(new ByteCount((ulong)bytes.Length), stream.FileSize);
            Assert.False(stream.IsIncomplete);
            DumpComparison.SamePages(file, stream);
        }

        Assert.Empty(Directory.GetFileSystemEntries(place));
    }

    [Fact]
    public void A_stream_that_ends_early_gives_what_came()
    {
        byte[] elf = ElfWriter.Write(SampleDumps.Kernel());
        using DumpSource stream = Open(elf[..^0x10_0000], _folder.File("."));
        Assert.True(stream.IsIncomplete);
        Assert.Equal(PageState.Truncated, stream.GetPageState(new Pfn(0x1fff)));
        Assert.Equal(PageState.Present, stream.GetPageState(new Pfn(0)));
    }

    [Fact]
    public void A_stream_that_does_not_end_is_refused_and_leaves_nothing_behind()
    {
        string place = Directory.CreateDirectory(_folder.File("temporary")).FullName;
        using var stream = new MemoryStream(new byte[5 << 20]);
        DumpFormatException refused = Assert.Throws<DumpFormatException>(() => DumpSource.OpenStream(
            stream, "a pipe", place, new DumpLimits { MaxStreamBytes = 3 << 20 }, TestContext.Current.CancellationToken));
        Assert.Equal(VmcoreDiagnosticIds.BeyondLimit, refused.Diagnostics[0].Id);
        Assert.Empty(Directory.GetFileSystemEntries(place));
    }

    private static DumpSource Open(byte[] bytes, string folder) => DumpSource.OpenStream(
        new MemoryStream(bytes), "a pipe", folder, cancellationToken: TestContext.Current.CancellationToken);
}
