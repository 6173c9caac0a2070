using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;
using Lifeboat.Vmcore.Writing.Estimating;

namespace Lifeboat.Vmcore.Tests.Writing.Estimating;

public sealed class DumpEstimatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpCompression.Zstd)]
    [InlineData(DumpCompression.None)]
    public void When_every_page_is_in_the_sample_the_size_is_what_is_written(DumpCompression compression)
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(SampleDumps.Kernel())));
        foreach (DumpLevel level in (DumpLevel[])[DumpLevel.Zero, DumpLevel.Zero | DumpLevel.Free, DumpLevel.All])
        {
            var options = new DumpWriteOptions { Level = level, Compression = compression };
            DumpEstimate estimate = DumpEstimator.Estimate(source, options);
            DumpWriteResult written = KdumpFileWriter.Write(source, _folder.File("out"), options);
            Assert.Equal(written.Pages, estimate.Pages);
            Assert.Equal((double)written.FileSize.Value, estimate.Size.Value, tolerance: written.FileSize.Value * 0.01);
        }
    }

    [Fact]
    public void An_elf_dump_has_its_pages_as_they_are()
    {
        using var source = DumpSource.Open(_folder.Write("in.elf", ElfWriter.Write(SampleDumps.Kernel())));
        var options = new DumpWriteOptions { Level = DumpLevel.Free };
        DumpEstimate estimate = DumpEstimator.Estimate(source, options, isElf: true);
        DumpWriteResult written = ElfFileWriter.Write(source, _folder.File("out"), options);
        Assert.Equal((double)written.FileSize.Value, estimate.Size.Value, tolerance: 16_384);
    }

    [Fact]
    public void A_real_dump_is_estimated_within_a_tenth_at_every_usual_level()
    {
        using var source = DumpSource.Open(RealDump.Require());
        DumpEstimate estimate = DumpEstimator.Estimate(source, new DumpWriteOptions());
        foreach (int level in (int[])[1, 17, 23, 31])
        {
            ulong size = KdumpFileWriter.Write(
                source, _folder.File("out"), new DumpWriteOptions { Level = (DumpLevel)level, Threads = 2 }).FileSize.Value;
            Assert.Equal((double)size, estimate.SizeAt((DumpLevel)level).Value, tolerance: size * 0.1);
        }
    }
}
