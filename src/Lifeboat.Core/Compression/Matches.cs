namespace Lifeboat.Core.Compression;

/// <summary>What the decompressors of this folder share.</summary>
internal static class Matches
{
    /// <summary>
    /// Repeats bytes that were written before; where they reach into themselves, the bytes between repeat.
    /// </summary>
    internal static bool TryCopy(Span<byte> target, ref int written, int distance, int length)
    {
        if ((uint)(distance - 1) >= (uint)written || length > target.Length - written)
        {
            return false;
        }

        int from = written - distance;
        if (distance >= length)
        {
            target.Slice(from, length).CopyTo(target[written..]);
        }
        else if (distance == 1)
        {
            target.Slice(written, length).Fill(target[from]);
        }
        else
        {
            // Each round doubles what can be copied at once.
            int done = 0;
            while (done < length)
            {
                int count = Math.Min(distance + done, length - done);
                target.Slice(from, count).CopyTo(target[(written + done)..]);
                done += count;
            }
        }

        written += length;
        return true;
    }
}
