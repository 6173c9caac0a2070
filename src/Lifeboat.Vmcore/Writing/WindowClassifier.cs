using System.Runtime.InteropServices;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Decides for every page of a window of 128 MiB; windows of a span go upwards.</summary>
internal sealed class WindowClassifier(DumpSource source, PageClassifier classifier)
{
    internal const int WindowPages = PageBitmap.BlockBits;
    internal const int WindowBytes = PageBitmap.BlockBytes;

    private readonly PageState[] _states = new PageState[WindowPages];
    private readonly PageClass[] _classes = new PageClass[WindowPages];
    private readonly ulong _endPfn = source.EndPfn.Value;
    private readonly byte[] _ram = new byte[WindowBytes];
    private readonly byte[] _kept = new byte[WindowBytes];
    private int _count;

    /// <summary>What the dump has of the pages of the last window.</summary>
    internal ReadOnlySpan<PageState> States => _states.AsSpan(0, _count);

    /// <summary>What those pages were used for; only of pages that are RAM.</summary>
    internal ReadOnlySpan<PageClass> Classes => _classes.AsSpan(0, _count);

    /// <summary>A bit for each page of the last window that is RAM.</summary>
    internal ReadOnlySpan<byte> Ram => _ram;

    /// <summary>A bit for each of them that is kept.</summary>
    internal ReadOnlySpan<byte> Kept => _kept;

    /// <summary>Decides for a window, and counts; false when it has no RAM.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="tally">Counts the pages.</param>
    internal bool TryRun(ulong start, PageTally tally)
    {
        (byte[] ram, byte[] kept) = (_ram, _kept);
        Array.Clear(ram);
        Array.Clear(kept);
        if (!TryDecide(start))
        {
            return false;
        }

        ReadOnlySpan<PageState> states = States;
        ReadOnlySpan<PageClass> classes = Classes;
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

        return true;
    }

    private bool TryDecide(ulong start)
    {
        _count = start >= _endPfn ? 0 : (int)Math.Min(WindowPages, _endPfn - start);
        Span<PageState> states = _states.AsSpan(0, _count);
        source.GetPageStates(new Pfn(start), states);
        if (!MemoryMarshal.AsBytes(states).ContainsAnyExcept((byte)PageState.NotRam))
        {
            return false;
        }

        classifier.Classify(start, _classes.AsSpan(0, _count));
        return true;
    }
}
