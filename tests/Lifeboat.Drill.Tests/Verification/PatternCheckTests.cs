using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Verification;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Drill.Tests.Verification;

public sealed class PatternCheckTests : IDisposable
{
    private const ulong Seed = 42;
    private const int Pages = 16;
    private const ulong Lru = 1 << 4;
    private const ulong SwapBacked = 1 << 19;
    private const ulong Anonymous = 0xffff_8880_0000_1001;
    private const ulong FileMapping = 0xffff_8880_0000_1000;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeKernel _kernel = new FakeKernel().WithMemoryMap();
    private readonly List<PatternPages> _patterns = [];

    public PatternCheckTests()
    {
        foreach ((PatternKind kind, ulong flags, ulong mapping) in (ReadOnlySpan<(PatternKind, ulong, ulong)>)[
            (PatternKind.User, Lru | SwapBacked, Anonymous), (PatternKind.PageCache, Lru, FileMapping), (
                PatternKind.Kernel, 0, 0)])
        {
            ulong[] pfns = [.. Enumerable.Range(0, Pages).Select(
                index => 0x100 + ((ulong)kind * 0x100) + ((ulong)index * 3))];
            byte[] page = new byte[Pfn.PageSize];
            for (int index = 0; index < Pages; index++)
            {
                KnownPattern.Fill(page, Seed, kind, index);
                _kernel.Memory.Write(pfns[index] * Pfn.PageSize, page);
                _kernel.SetPage(pfns[index], flags, mapping);
            }

            _patterns.Add(new PatternPages { Kind = kind, Pfns = pfns });
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpLevel.None, true, true)]
    [InlineData(DumpLevel.Zero, true, true)]
    [InlineData(DumpLevel.User, false, true)]
    [InlineData(DumpLevel.Cache | DumpLevel.PrivateCache, true, false)]
    [InlineData(DumpLevel.All, false, false)]
    public void Every_level_keeps_and_leaves_out_what_it_should(DumpLevel level, bool userIsKept, bool cacheIsKept)
    {
        using DumpSource dump = Dump(level);
        PatternResult[] expected =
        [
            Right(PatternKind.User, userIsKept),
            Right(PatternKind.PageCache, cacheIsKept),
            Right(PatternKind.Kernel, isKept: true),
        ];
        IReadOnlyList<PatternResult> results = PatternCheck.Run(dump, Truth(Seed), level);
        Assert.Equal(expected, results);
        Assert.All(results, result => Assert.True(result.IsRight));
    }

    [Fact]
    public void A_changed_bit_is_found()
    {
        _kernel.Memory.Write((_patterns[2].Pfns[5] * Pfn.PageSize) + 4095, [0]);
        using DumpSource dump = Dump(DumpLevel.All);
        PatternResult result = PatternCheck.Run(dump, Truth(Seed), DumpLevel.All)[2];
        Assert.Equal((Pages - 1, 0, 1, false), (result.Intact, result.Excluded, result.Wrong, result.IsRight));
    }

    [Fact]
    public void A_dump_of_another_drill_does_not_pass()
    {
        using DumpSource dump = Dump(DumpLevel.None);
        Assert.All(
            PatternCheck.Run(dump, Truth(Seed + 1), DumpLevel.None), result => Assert.Equal(Pages, result.Wrong));
    }

    [Fact]
    public void Pages_that_should_have_been_left_out_are_told()
    {
        using DumpSource dump = Dump(DumpLevel.None);
        PatternResult result = PatternCheck.Run(dump, Truth(Seed), DumpLevel.User)[0];
        Assert.Equal((Pages, false), (result.Intact, result.IsRight));
    }

    [Theory]
    [InlineData(0x10_0000UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 52)]
    public void Frames_that_no_machine_has_are_wrong_and_no_error(ulong pfn)
    {
        using DumpSource dump = Dump(DumpLevel.Zero);
        GuestTruth truth = Truth(Seed) with { Patterns = [new PatternPages { Kind = PatternKind.User, Pfns = [pfn] }] };
        Assert.Equal(1, Assert.Single(PatternCheck.Run(dump, truth, DumpLevel.Zero)).Wrong);
    }

    [Fact]
    public void No_pages_at_all_are_not_right() =>
        Assert.False(new PatternResult(PatternKind.User, true, 0, 0, 0, 0).IsRight);

    private static PatternResult Right(PatternKind kind, bool isKept) =>
        new(kind, isKept, Pages, isKept ? Pages : 0, isKept ? 0 : Pages, 0);

    private GuestTruth Truth(ulong seed) => new()
    {
        Seed = seed,
        Patterns = _patterns,
        Release = "",
        Tasks = [],
        Segments = [],
        ReservedBytes = 0,
    };

    private DumpSource Dump(DumpLevel level) => DumpSource.Open(DumpPath(level));

    private string DumpPath(DumpLevel level)
    {
        using DumpSource source = DumpSource.Open(_folder.Write("vmcore", CoreFile.Of(_kernel)));
        string path = _folder.Combine("vmcore.kdump");
        KdumpFileWriter.Write(source, path, new DumpWriteOptions { Level = level, CompressionLevel = 0 });
        return path;
    }
}
