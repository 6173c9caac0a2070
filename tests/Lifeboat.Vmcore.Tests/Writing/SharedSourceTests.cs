using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

/// <summary>Threads that pack pages, and the one that finds out again which pages are kept, read the same dump.</summary>
public sealed class SharedSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_threads_write_to_a_stream_what_one_writes(bool isSplit)
    {
        using var elf = DumpSource.Open(_folder.Write("elf", ElfWriter.Write(SampleDumps.Kernel())));
        string[] paths = isSplit ? [_folder.File("a"), _folder.File("b")] : [_folder.File("a")];
        KdumpFileWriter.WriteSplit(elf, paths, new DumpWriteOptions { Level = DumpLevel.None });
        using var source = DumpSource.Open(paths);
        byte[] expected = Write(source, threads: 1);
        for (int i = 0; i < 4; i++)
        {
            Assert.True(expected.AsSpan().SequenceEqual(Write(source, threads: 4)), $"run {i} differs");
        }
    }

    private static byte[] Write(DumpSource source, int threads)
    {
        using var stream = new MemoryStream();
        ElfFileWriter.WriteFlattened(source, stream, new DumpWriteOptions { Threads = threads });
        return stream.ToArray();
    }
}
