using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Both bitmaps at their places in one output or, the same, in each of several.</summary>
internal sealed class PageBitmaps(IReadOnlyList<DumpOutput> outputs, KdumpFilePlan plan) : IKeptWindows
{
    private const ulong WindowPages = PageBitmap.BlockBits;

    internal void Write(ulong startPfn, ReadOnlySpan<byte> ram, ReadOnlySpan<byte> kept)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            outputs[i].WriteAt(plan.RamBitmap + new ByteCount(startPfn / 8), ram);
        }

        WriteKept(startPfn, kept);
    }

    /// <inheritdoc/>
    public void ReadKept(ulong startPfn, Span<byte> kept) =>
        outputs[0].ReadAt(plan.KeptBitmap + new ByteCount(startPfn / 8), kept);

    /// <summary>Takes pages out of the bitmap of kept ones.</summary>
    internal void Drop(List<ulong> pages)
    {
        Span<byte> bits = stackalloc byte[PageBitmap.BlockBytes];
        for (int i = 0; i < pages.Count;)
        {
            ulong window = pages[i] / WindowPages * WindowPages;
            ReadKept(window, bits);
            for (; i < pages.Count && pages[i] - window < WindowPages; i++)
            {
                int bit = (int)(pages[i] - window);
                bits[bit >> 3] = (byte)(bits[bit >> 3] & ~(1 << (bit & 7)));
            }

            WriteKept(window, bits);
        }
    }

    private void WriteKept(ulong startPfn, ReadOnlySpan<byte> kept)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            outputs[i].WriteAt(plan.KeptBitmap + new ByteCount(startPfn / 8), kept);
        }
    }
}
