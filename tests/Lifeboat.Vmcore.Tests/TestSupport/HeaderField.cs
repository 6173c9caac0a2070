using System.Buffers.Binary;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>A field of a header on disk.</summary>
/// <param name="Name">Its name in the format's definition.</param>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Width">Its bytes.</param>
/// <param name="IsBigEndian">Whether the highest byte comes first.</param>
internal sealed record HeaderField(string Name, int Offset, int Width, bool IsBigEndian = false)
{
    /// <summary>Fields that lie one after another from an offset on: <c>name width, name width</c>.</summary>
    internal static IEnumerable<HeaderField> Parse(int offset, string fields, bool isBigEndian = false)
    {
        foreach (string field in fields.Split(", "))
        {
            string[] parts = field.Split(' ');
            int width = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            if (parts[0] != "-")
            {
                yield return new HeaderField(parts[0], offset, width, isBigEndian);
            }

            offset += width;
        }
    }

    /// <summary>What a field of this width can hold that is extreme in itself, or for a file of some length.</summary>
    internal IEnumerable<ulong> Extremes(int fileLength)
    {
        ulong most = Width == 8 ? ulong.MaxValue : (1UL << (8 * Width)) - 1;
        ulong sign = 1UL << ((8 * Width) - 1);
        ulong length = (ulong)fileLength;
        return ((ulong[])[
            0, 1, 2, 4095, 4096, 4097, most, most - 1, most - 4095, sign, sign - 1, sign + 1, length - 1, length, length + 1,
            1UL << 20, 1UL << 32, 1UL << 40, 1UL << 52]).Where(value => value <= most).Distinct();
    }

    /// <summary>The most telling of them, for two fields at once.</summary>
    internal IEnumerable<ulong> FewExtremes(int fileLength)
    {
        ulong most = Width == 8 ? ulong.MaxValue : (1UL << (8 * Width)) - 1;
        ulong length = (ulong)fileLength;
        return ((ulong[])[0, 1, most, (most >> 1) + 1, length - 1, length + 1]).Where(value => value <= most);
    }

    internal void Set(byte[] file, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (IsBigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            bytes = bytes[(8 - Width)..];
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes = bytes[..Width];
        }

        bytes.CopyTo(file.AsSpan(Offset));
    }
}
