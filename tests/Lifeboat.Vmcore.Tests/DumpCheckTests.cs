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

    [Fact]
    public void A_file_that_claims_all_memory_there_can_be_is_counted_at_once()
    {
        // 2^40 pages: a few in the file, half of the rest promised, the other half left out.
        byte[] file = new ElfWriter().AddSegment(0, new byte[0x3000], memorySize: (1UL << 52) - 0x1000).ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(64 + 56 + 32), 1UL << 51);
        using var dump = DumpSource.Open(_folder.Write("huge", file));
        var counts = PageStateCounts.Of(dump, TestContext.Current.CancellationToken);
        Assert.Equal((3UL, (1UL << 39) - 3), (counts.Present, counts.Truncated));
        Assert.Equal((1UL << 40) - 1, counts.Total);
        DumpCheckResult result = DumpCheck.Run(dump, TestContext.Current.CancellationToken);
        Assert.Equal((3UL, (1UL << 39) - 3), (result.PagesRead, result.Faults));
        Assert.Equal(new MemoryFault(0x3000, MemoryFaultReason.Truncated), result.FirstFault);
    }

    [Fact]
    public void Runs_of_pages_are_in_the_state_that_each_page_says()
    {
        byte[] file = new ElfWriter()
            .AddSegment(0x1800, new byte[0x2000], memorySize: 0x4000)
            .AddSegment(0x5c00, new byte[0x400]).AddSegment(0x6000, new byte[0x2800]).ToArray();
        using var dump = DumpSource.Open(_folder.Write("odd", file[..^0x1000]));
        for (ulong pfn = 0; pfn < 12; pfn++)
        {
            if (dump.TryGetRun(new Pfn(pfn), out PageState state, out Pfn end))
            {
                Assert.True(end.Value > pfn);
                for (ulong i = pfn; i < end.Value; i++)
                {
                    Assert.Equal(dump.GetPageState(new Pfn(i)), state);
                }
            }
        }
    }

    [Fact]
    public void A_flattened_file_that_claims_all_memory_there_can_be_is_checked_at_once()
    {
        // No record has what the segment promises: zeros, but for a page at the start and one further on.
        byte[] file = new ElfWriter().AddSegment(0, new byte[0x1000], memorySize: 1UL << 51).ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(64 + 56 + 32), 1UL << 51);
        byte[] flat = new FlattenedBuilder().Add(0, file).Add(file.Length + 0x10_0800, new byte[0x1000])
            .Add(1L << 52, [1]).End();
        using var dump = DumpSource.Open(_folder.Write("claims", flat));
        var counts = PageStateCounts.Of(dump, TestContext.Current.CancellationToken);
        Assert.Equal((3UL, (1UL << 39) - 3), (counts.Present, counts.Zero));
        DumpCheckResult result = DumpCheck.Run(dump, TestContext.Current.CancellationToken);
        Assert.Equal(new DumpCheckResult(1UL << 39, 0, MemoryFault.None), result);
        for (ulong pfn = 0; pfn < 0x110; pfn++)
        {
            PageState expected = pfn is 0 or 0x101 or 0x102 ? PageState.Present : PageState.Zero;
            Assert.Equal(expected, dump.GetPageState(new Pfn(pfn)));
        }
    }
}
