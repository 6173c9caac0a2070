using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Symbols.Types;

/// <summary>The header of BTF (struct btf_header, include/uapi/linux/btf.h); offsets count from its end.</summary>
internal readonly struct BtfHeader
{
    internal const int Size = 24;

    private const ushort RightMagic = 0xeb9f;
    private const byte KnownVersion = 1;

    /// <summary>A section without types: its only string is the empty one.</summary>
    internal static byte[] Empty =>
    [
        RightMagic & 0xff, RightMagic >> 8, KnownVersion, 0, Size, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
    ];

    internal required ushort Magic { get; init; }

    internal required byte Version { get; init; }

    internal required uint HeaderLength { get; init; }

    internal required uint TypesOffset { get; init; }

    internal required uint TypesLength { get; init; }

    internal required uint StringsOffset { get; init; }

    internal required uint StringsLength { get; init; }

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out BtfHeader header)
    {
        header = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        header = new BtfHeader
        {
            Magic = BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            Version = bytes[2],
            HeaderLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            TypesOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            TypesLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            StringsOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
            StringsLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
        };
        return true;
    }

    /// <summary>What is wrong with it, given how many bytes there are; null when nothing is.</summary>
    internal Diagnostic? Validate(long length)
    {
        if (Magic != RightMagic || Version != KnownVersion)
        {
            return Bad("magic and version", $"0x{Magic:x} and {Version}", $"0x{RightMagic:x} and {KnownVersion}");
        }

        if (HeaderLength < Size || HeaderLength > length)
        {
            return Bad("hdr_len", $"{HeaderLength}", $"{Size} to {length}");
        }

        long left = length - HeaderLength;
        if (TypesOffset % 4 != 0 || (long)TypesOffset + TypesLength > left)
        {
            return Bad("type_off and type_len", $"0x{TypesOffset:x} and 0x{TypesLength:x}", $"within 0x{left:x} bytes");
        }

        return (long)StringsOffset + StringsLength > left
            ? Bad("str_off and str_len", $"0x{StringsOffset:x} and 0x{StringsLength:x}", $"within 0x{left:x} bytes")
            : null;
    }

    private static Diagnostic Bad(string field, string found, string expected) =>
        new(SymbolsDiagnosticIds.DamagedTypes, "the header of the kernel's types is damaged")
        {
            Where = field,
            Found = found,
            Expected = expected,
        };
}
