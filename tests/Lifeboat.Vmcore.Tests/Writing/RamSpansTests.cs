using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class RamSpansTests : IDisposable
{
    private const ulong GiB = 1UL << (30 - Pfn.PageShift);
    private const ulong Window = WindowClassifier.WindowPages;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_page_of_ram_is_dealt_once_and_large_holes_are_not()
    {
        using DumpSource source = Machine((Window + 3, 2), (GiB - 1, 2), (5 * GiB, 1), ((1UL << 36) + Window, 1));
        var spans = new RamSpans(source);
        Assert.Equal(6UL, spans.Pages);
        Assert.Equal(
            [
                (Window, GiB), (GiB, 2 * GiB), (5 * GiB, 6 * GiB), ((1UL << 36) + Window, (1UL << 36) + (2 * Window)),
            ],
            TakeAll(spans));
    }

    [Fact]
    public void Nothing_is_dealt_after_a_stop()
    {
        using DumpSource source = Machine((0, 2), (5 * GiB, 1));
        var spans = new RamSpans(source);
        Assert.True(spans.TryTake(out _, out _));
        spans.Stop();
        Assert.False(spans.TryTake(out _, out _));
    }

    private static List<(ulong Start, ulong End)> TakeAll(RamSpans spans)
    {
        var all = new List<(ulong, ulong)>();
        while (spans.TryTake(out ulong start, out ulong end))
        {
            all.Add((start, end));
        }

        return all;
    }

    private DumpSource Machine(params (ulong Start, int Pages)[] ranges)
    {
        var writer = new ElfWriter();
        foreach ((ulong start, int pages) in ranges)
        {
            writer.AddSegment(start << Pfn.PageShift, new byte[pages << Pfn.PageShift]);
        }

        return DumpSource.Open(_folder.Write("in.elf", writer.ToArray()));
    }
}
