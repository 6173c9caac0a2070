using System.Buffers.Binary;

namespace Lifeboat.Symbols.Types;

/// <summary>The fixed part of a type (struct btf_type), and how much follows it.</summary>
internal readonly struct BtfRecord
{
    internal const int Size = 12;
    internal const BtfKind LastKind = BtfKind.Enum64;

    /// <summary>Where it is in the section of types.</summary>
    internal required int Position { get; init; }

    /// <summary>Its name's place among the strings; 0 for none.</summary>
    internal required uint Name { get; init; }

    /// <summary>The number of things that follow, the kind, and a flag, packed.</summary>
    internal required uint Info { get; init; }

    /// <summary>Its size, or the type that it refers to, by kind.</summary>
    internal required uint SizeOrType { get; init; }

    internal int Count => (int)(Info & 0xffff);

    internal BtfKind Kind => (BtfKind)((Info >> 24) & 0x1f);

    /// <summary>
    /// Of a structure: its members' offsets hold bit fields' sizes too. Of an enumeration: it is signed.
    /// </summary>
    internal bool IsFlagged => (Info & 0x8000_0000) != 0;

    internal bool IsStructure => Kind is BtfKind.Struct or BtfKind.Union;

    /// <summary>Whether the type stands for another one of the same size and content.</summary>
    internal bool IsAlias => Kind is BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
        or BtfKind.TypeTag;

    internal bool RefersToType => IsAlias || Kind is BtfKind.Pointer or BtfKind.Function or BtfKind.FunctionPrototype
        or BtfKind.Variable or BtfKind.DeclarationTag;

    /// <summary>Bytes of each thing that follows.</summary>
    internal int ItemSize => Kind switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Enum or BtfKind.FunctionPrototype => 8,
        BtfKind.Array or BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => 12,
        _ => 0,
    };

    /// <summary>How many things follow.</summary>
    internal int Items => Kind switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag or BtfKind.Array => 1,
        _ => ItemSize == 0 ? 0 : Count,
    };

    /// <summary>Bytes from this type to the next.</summary>
    internal int Length => Size + (ItemSize * Items);

    internal static BtfRecord Parse(ReadOnlySpan<byte> bytes, int position) => new()
    {
        Position = position,
        Name = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        Info = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        SizeOrType = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
    };
}
