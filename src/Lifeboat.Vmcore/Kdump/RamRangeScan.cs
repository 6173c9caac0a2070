using System.Buffers.Binary;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>Turns the bitmap of RAM pages into ranges.</summary>
internal static class RamRangeScan
{
    /// <summary>
    /// More ranges than any machine has; beyond it the bitmap is noise, and the last range reaches to its end.
    /// </summary>
    private const int MaxRanges = 1 << 18;

    internal static List<PhysicalRange> Scan(PageBitmap bitmap, int pageShift)
    {
        var ranges = new List<PhysicalRange>();
        ulong? start = null;
        for (ulong block = 0; block < bitmap.BlockCount && ranges.Count < MaxRanges; block++)
        {
            ReadOnlySpan<byte> bytes = bitmap.GetBlock(block);
            for (int word = 0; word < bytes.Length; word += 8)
            {
                ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(bytes[word..]);
                if (bits == (start is null ? 0 : ulong.MaxValue))
                {
                    continue;
                }

                ulong first = (block * PageBitmap.BlockBits) + ((ulong)word * 8);
                for (int bit = 0; bit < 64; bit++)
                {
                    bool isRam = ((bits >> bit) & 1) != 0;
                    if (isRam && start is null)
                    {
                        start = first + (ulong)bit;
                    }
                    else if (!isRam && start is { } from)
                    {
                        ranges.Add(RangeOf(from, first + (ulong)bit));
                        start = null;
                    }
                }
            }
        }

        if (start is { } last)
        {
            ranges.Add(RangeOf(last, bitmap.BitCount));
        }

        return ranges;

        PhysicalRange RangeOf(ulong from, ulong to) =>
            new(new PhysicalAddress(from << pageShift), new PhysicalAddress(to << pageShift));
    }
}
