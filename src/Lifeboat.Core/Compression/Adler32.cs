namespace Lifeboat.Core.Compression;

/// <summary>The checksum at the end of a zlib stream (RFC 1950).</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;
    private const int MostWithoutOverflow = 5552;

    internal static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint low = 1;
        uint high = 0;
        while (!bytes.IsEmpty)
        {
            ReadOnlySpan<byte> now = bytes[..Math.Min(bytes.Length, MostWithoutOverflow)];
            bytes = bytes[now.Length..];

            // Four at a time: each byte counts in the high sum once for itself and every byte after it.
            while (now.Length >= 4)
            {
                high += (4 * low) + (4u * now[0]) + (3u * now[1]) + (2u * now[2]) + now[3];
                low += (uint)now[0] + now[1] + now[2] + now[3];
                now = now[4..];
            }

            foreach (byte value in now)
            {
                low += value;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
        }

        return (high << 16) | low;
    }
}
