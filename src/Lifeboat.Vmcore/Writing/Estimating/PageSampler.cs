using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing.Estimating;

/// <summary>Counts the pages of each class while they go by, and packs some of them.</summary>
internal sealed class PageSampler(
    DumpSource source, DumpWriteOptions options, List<ClassEstimate> classes, ulong stride) : IDisposable
{
    private readonly PageEncoder _encoder = new(options.Codec, options.CompressionLevel);
    private readonly byte[] _page = new byte[Pfn.PageSize];
    private readonly byte[] _packed = new byte[Pfn.PageSize - 1];

    // Of each class every so-manieth page: a class of few pages has its sample too.
    private readonly ulong _stride = Math.Max(1, stride);

    internal void Take(ulong start, ReadOnlySpan<PageState> states, ReadOnlySpan<PageClass> found)
    {
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] is PageState.Present or PageState.Zero)
            {
                ClassEstimate pages = classes[(int)found[i]];
                if (pages.Pages++ % _stride == 0)
                {
                    Sample(new Pfn(start + (ulong)i), pages);
                }
            }
        }
    }

    public void Dispose() => _encoder.Dispose();

    private void Sample(Pfn pfn, ClassEstimate pages)
    {
        // A page with a memory error is not touched, on a running machine least of all.
        if (pages.Class is PageClass.HardwarePoison or PageClass.Offline
            || source.Read(pfn.Address, _page, out _) < _page.Length)
        {
            return;
        }

        int length = _page.AsSpan().ContainsAnyExcept((byte)0) ? _encoder.Encode(_page, _packed) : -1;
        pages.Sample(length < 0 ? 0 : length == 0 ? Pfn.PageSize : length);
    }
}
