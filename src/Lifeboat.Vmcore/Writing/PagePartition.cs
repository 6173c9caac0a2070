using System.Buffers.Binary;
using System.Numerics;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Divides the pages among files, as many kept ones to each.</summary>
internal static class PagePartition
{
    internal static List<PagePart> Divide(IKeptWindows windows, ulong endPfn, ulong selected, int count)
    {
        var parts = new List<PagePart>(count);
        byte[] bits = new byte[PageBitmap.BlockBytes];
        ulong start = 0;
        ulong inPart = 0;
        ulong before = 0;
        for (ulong window = 0; count > 1 && window < endPfn; window += PageBitmap.BlockBits)
        {
            windows.ReadKept(window, bits);
            for (int word = 0; word < bits.Length; word += 8)
            {
                // Parts begin at a multiple of 64 pages: near enough, and quick to count.
                ulong place = window + ((ulong)word * 8);
                ulong share = selected / (ulong)count * (ulong)(parts.Count + 1);
                if (parts.Count < count - 1 && before >= share && place > start && place < endPfn)
                {
                    parts.Add(new PagePart(start, place, inPart));
                    start = place;
                    inPart = 0;
                }

                uint set = (uint)BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(bits.AsSpan(word)));
                inPart += set;
                before += set;
            }
        }

        parts.Add(new PagePart(start, endPfn, selected - (before - inPart)));

        // More files than there are pages for: the last ones have none.
        while (parts.Count < count)
        {
            parts.Add(new PagePart(endPfn, endPfn, 0));
        }

        return parts;
    }
}
