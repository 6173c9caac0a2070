using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class BitmapPassTests : IDisposable
{
    private const int Buddy = -129;
    private const ulong SectionSize = FakeKernel.PagesPerSection << Pfn.PageShift;

    // Of a span there are eight sections: these lie in four spans, two of them in one, and leave others out.
    private static readonly ulong[] Sections = [8, 9, 17, 40];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Any_number_of_threads_finds_what_one_finds(int threads)
    {
        using DumpSource source = OpenMachine();
        (PageCounts counts, ulong damaged, SortedDictionary<ulong, string> windows) expected = Run(source, threads: 1);
        Assert.Equal([0UL, .. Sections.Select(static s => s * FakeKernel.PagesPerSection)], expected.windows.Keys);
        Assert.Equal((0x2000UL + (4 * 0x400), 5UL * 0x100, 5UL), (expected.counts.Total, expected.counts.Free, expected.damaged));
        (PageCounts counts, ulong damaged, SortedDictionary<ulong, string> windows) found = Run(source, threads);
        Assert.Equal(expected.counts, found.counts);
        Assert.Equal(expected.damaged, found.damaged);
        Assert.Equal(expected.windows, found.windows);
    }

    [Fact]
    public void What_goes_wrong_on_any_thread_ends_the_pass()
    {
        using DumpSource source = OpenMachine();
        using var classifier = PageClassifier.Create(source, source.Vmcoreinfo, DumpLevel.All, []);
        using var pass = new BitmapPass(source, classifier, threads: 3);
        Assert.Throws<IOException>(() => pass.Run(
            new PageTally(), static (_, _) => throw new IOException("full"), progress: null, CancellationToken.None));
    }

    private static (PageCounts Counts, ulong Damaged, SortedDictionary<ulong, string> Windows) Run(
        DumpSource source, int threads)
    {
        var tally = new PageTally();
        var windows = new SortedDictionary<ulong, string>();
        using var classifier = PageClassifier.Create(source, source.Vmcoreinfo, DumpLevel.All, []);
        using var pass = new BitmapPass(source, classifier, threads);
        pass.Run(
            tally,
            (start, window) => windows.Add(start, Convert.ToHexString(window.Ram) + Convert.ToHexString(window.Kept)),
            progress: null,
            CancellationToken.None);
        return (tally.ToCounts(), classifier.DamagedPages, windows);
    }

    private DumpSource OpenMachine()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(0x100, type: Buddy, privateData: 8);
        kernel.SetPage(0x201, type: Buddy, privateData: 4);
        var writer = new ElfWriter().AddNote("VMCOREINFO", 0, kernel.InfoBytes);
        foreach (ulong section in Sections)
        {
            kernel.MirrorSection(section);
        }

        writer.AddSegment(0, kernel.Memory.ToArray());
        foreach (ulong section in Sections)
        {
            writer.AddSegment(section * SectionSize, new byte[0x400 << Pfn.PageShift]);
        }

        return DumpSource.Open(_folder.Write("in.elf", writer.ToArray()));
    }
}
