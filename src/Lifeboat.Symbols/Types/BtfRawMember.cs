using System.Buffers.Binary;

namespace Lifeboat.Symbols.Types;

/// <summary>A member as it is stored (struct btf_member).</summary>
internal readonly struct BtfRawMember
{
    private const uint OffsetMask = 0xff_ffff;

    /// <summary>Its name's place among the strings; 0 for none.</summary>
    internal required uint Name { get; init; }

    internal required int TypeId { get; init; }

    internal required long BitOffset { get; init; }

    internal required int BitSize { get; init; }

    /// <param name="bytes">The 12 bytes.</param>
    /// <param name="hasBitSizes">Whether the top 8 bits of the offset are a bit field's size.</param>
    internal static BtfRawMember Parse(ReadOnlySpan<byte> bytes, bool hasBitSizes)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        return new BtfRawMember
        {
            Name = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            TypeId = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BitOffset = hasBitSizes ? offset & OffsetMask : offset,
            BitSize = hasBitSizes ? (int)(offset >> 24) : 0,
        };
    }
}
