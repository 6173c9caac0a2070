using System.Runtime.InteropServices;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Decides for every page of a window of 128 MiB; windows go upwards.</summary>
internal sealed class WindowClassifier(DumpSource source, PageClassifier classifier)
{
    internal const int WindowPages = PageBitmap.BlockBits;
    internal const int WindowBytes = PageBitmap.BlockBytes;

    private readonly PageState[] _states = new PageState[WindowPages];
    private readonly PageClass[] _classes = new PageClass[WindowPages];
    private readonly ulong _endPfn = source.EndPfn.Value;

    /// <summary>Fills the bits of the window that begins at <paramref name="start"/>, and counts.</summary>
    internal void Run(ulong start, Span<byte> ram, Span<byte> kept, PageTally tally)
    {
        ram.Clear();
        kept.Clear();
        if (start >= _endPfn)
        {
            return;
        }

        int count = (int)Math.Min(WindowPages, _endPfn - start);
        Span<PageState> states = _states.AsSpan(0, count);
        Span<PageClass> classes = _classes.AsSpan(0, count);
        source.GetPageStates(new Pfn(start), states);
        if (!MemoryMarshal.AsBytes(states).ContainsAnyExcept((byte)PageState.NotRam))
        {
            return;
        }

        classifier.Classify(start, classes);
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] == PageState.NotRam)
            {
                continue;
            }

            byte bit = (byte)(1 << (i & 7));
            ram[i >> 3] |= bit;
            tally.Total++;
            if (states[i] is PageState.Excluded or PageState.Truncated)
            {
                tally.Unreadable++;
            }
            else if (classes[i] != PageClass.Kernel)
            {
                tally.AddExcluded(classes[i]);
            }
            else
            {
                kept[i >> 3] |= bit;
                tally.Selected++;
            }
        }
    }
}
