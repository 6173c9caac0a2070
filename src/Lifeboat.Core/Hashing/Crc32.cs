namespace Lifeboat.Core.Hashing;

/// <summary>CRC-32 as Ethernet, gzip and PNG have it: short enough to go with every line of text.</summary>
/// <remarks><para><b>Thread safety.</b> Safe.</para></remarks>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint value = uint.MaxValue;
        foreach (byte octet in data)
        {
            value = (value >> 8) ^ Table[(byte)(value ^ octet)];
        }

        return ~value;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * Polynomial);
            }

            table[i] = value;
        }

        return table;
    }
}
