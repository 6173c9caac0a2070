using System.Numerics;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Finds runs of kept pages in the bitmap, going upwards a window at a time.</summary>
internal sealed class KeptRuns(IKeptWindows windows)
{
    private readonly byte[] _bits = new byte[PageBitmap.BlockBytes];
    private ulong _window = ulong.MaxValue;

    /// <summary>The first run at or after <paramref name="from"/>, cut at <paramref name="end"/>.</summary>
    internal bool TryFind(ulong from, ulong end, out ulong start, out ulong stop)
    {
        start = Next(from, end, skip: 0);
        stop = Next(start, end, skip: 0xff);
        return start < end;
    }

    private ulong Next(ulong from, ulong end, byte skip)
    {
        while (from < end)
        {
            ulong window = from / PageBitmap.BlockBits * PageBitmap.BlockBits;
            if (window != _window)
            {
                windows.ReadKept(window, _bits);
                _window = window;
            }

            int bit = (int)(from - window);
            int index = bit >> 3;
            int bits = (_bits[index] ^ skip) >> (bit & 7);
            if (bits != 0)
            {
                return Math.Min(end, from + (ulong)BitOperations.TrailingZeroCount(bits));
            }

            int ahead = _bits.AsSpan(index + 1).IndexOfAnyExcept(skip);
            if (ahead >= 0)
            {
                index += 1 + ahead;
                int place = (index * 8) + BitOperations.TrailingZeroCount(_bits[index] ^ skip);
                return Math.Min(end, window + (ulong)place);
            }

            from = window + PageBitmap.BlockBits;
        }

        return end;
    }
}
