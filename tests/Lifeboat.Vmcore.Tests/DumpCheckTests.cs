using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests;

public sealed class DumpCheckTests : IDisposable
{
    private const ulong Pages = FakeKernel.RamSize / Pfn.PageSize;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpLevel.None)]
    [InlineData(DumpLevel.Zero)]
    public void Every_page_of_a_whole_dump_reads(DumpLevel level)
    {
        using var dump = DumpSource.Open(Dump(level));
        Assert.Equal(
            new DumpCheckResult(Pages, 0, MemoryFault.None), DumpCheck.Run(dump, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Pages_that_cannot_be_read_are_counted_and_the_first_is_named()
    {
        byte[] file = File.ReadAllBytes(Dump(DumpLevel.None));
        using var dump = DumpSource.Open(_folder.Write("cut", file[..(file.Length / 2)]));
        (ulong read, ulong faults, MemoryFault first) = DumpCheck.Run(dump, TestContext.Current.CancellationToken);
        Assert.True(faults > 0);
        Assert.Equal(Pages, read + faults);
        Assert.Equal(MemoryFaultReason.Truncated, first.Reason);
        Assert.Equal(read * Pfn.PageSize, first.Address);
    }

    [Fact]
    public void Cancelling_ends_it()
    {
        using var dump = DumpSource.Open(Dump(DumpLevel.None));
        Assert.Throws<OperationCanceledException>(() => DumpCheck.Run(dump, new CancellationToken(canceled: true)));
    }

    private string Dump(DumpLevel level)
    {
        using var source = DumpSource.Open(_folder.Write("vmcore", ElfWriter.Write(new FakeKernel())));
        string path = _folder.File("dump");
        KdumpFileWriter.Write(source, path, new DumpWriteOptions { Level = level, CompressionLevel = 0 });
        return path;
    }
}
