using System.Buffers.Binary;
using System.Numerics;

namespace Lifeboat.Core.Hashing;

/// <summary>CRC-32C (Castagnoli), which processors compute: as fast as memory, for every piece of a large stream.</summary>
/// <remarks><para><b>Thread safety.</b> Safe.</para></remarks>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint value = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            value = BitOperations.Crc32C(value, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte octet in data)
        {
            value = BitOperations.Crc32C(value, octet);
        }

        return ~value;
    }
}
