using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Types;

/// <summary>A type of the dumped kernel.</summary>
/// <remarks>
/// <para>Names and lists are read anew at each call: keep what is needed often.</para>
/// <para><b>Errors.</b> Memory that was readable when the types were opened and is no longer gives a
/// <see cref="DumpFormatException"/>.</para>
/// </remarks>
public sealed class BtfType
{
    private readonly Btf _types;
    private readonly BtfSection? _section;
    private readonly BtfRecord _record;

    internal BtfType(Btf types, BtfSection? section, int id, BtfRecord record)
    {
        _types = types;
        _section = section;
        _record = record;
        Id = id;
    }

    /// <summary>Its number; types refer to each other by it.</summary>
    public int Id { get; }

    /// <summary>What it is.</summary>
    public BtfKind Kind => _record.Kind;

    /// <summary>Its name without <c>struct</c>, <c>union</c> or <c>enum</c>; empty for one without.</summary>
    public string Name => _types.StringAt(_record.Name);

    /// <summary>
    /// Bytes of an integer, a structure, a union, an enumeration, a floating-point number or a section; zero for the
    /// others, whose size <see cref="Btf.TryGetSize"/> works out.
    /// </summary>
    public ByteCount Size => HasSize ? new ByteCount(_record.SizeOrType) : ByteCount.Zero;

    /// <summary>
    /// The type that it points to, stands for or notes; of an array its elements', of a function its prototype, of a
    /// prototype what is returned; 0 (void) for others.
    /// </summary>
    public int TargetId => Kind == BtfKind.Array ? (int)BinaryPrimitives.ReadUInt32LittleEndian(Item(0))
        : _record.RefersToType ? (int)_record.SizeOrType : 0;

    /// <summary>Elements of an array; 0 for others, and for an array of unknown length.</summary>
    public long ElementCount => Kind == BtfKind.Array ? BinaryPrimitives.ReadUInt32LittleEndian(Item(0)[8..]) : 0;

    /// <summary>Whether an integer or an enumeration is signed.</summary>
    public bool IsSigned => Kind switch
    {
        BtfKind.Int => (BinaryPrimitives.ReadUInt32LittleEndian(Item(0)) & (1 << 24)) != 0,
        BtfKind.Enum or BtfKind.Enum64 => _record.IsFlagged,
        _ => false,
    };

    /// <summary>Whether it is a structure or a union.</summary>
    public bool IsStructure => _record.IsStructure;

    /// <summary>The members of a structure or union, in order; empty for others.</summary>
    public IReadOnlyList<BtfMember> Members
    {
        get
        {
            var members = new List<BtfMember>();
            for (int i = 0; IsStructure && i < _record.Count; i++)
            {
                BtfRawMember raw = BtfRawMember.Parse(Item(i), _record.IsFlagged);
                members.Add(new BtfMember(_types.StringAt(raw.Name), raw.TypeId, raw.BitOffset, raw.BitSize));
            }

            return members;
        }
    }

    /// <summary>The values of an enumeration, in order; empty for others.</summary>
    public IReadOnlyList<BtfEnumerator> Enumerators
    {
        get
        {
            var values = new List<BtfEnumerator>();
            for (int i = 0; Kind is BtfKind.Enum or BtfKind.Enum64 && i < _record.Count; i++)
            {
                uint name = BinaryPrimitives.ReadUInt32LittleEndian(Item(i));
                values.Add(new BtfEnumerator(_types.StringAt(name), ValueOf(_record, Item(i))));
            }

            return values;
        }
    }

    /// <summary>The parameters of a function prototype, in order; empty for others.</summary>
    public IReadOnlyList<BtfParameter> Parameters
    {
        get
        {
            var parameters = new List<BtfParameter>();
            for (int i = 0; Kind == BtfKind.FunctionPrototype && i < _record.Count; i++)
            {
                uint name = BinaryPrimitives.ReadUInt32LittleEndian(Item(i));
                int type = (int)BinaryPrimitives.ReadUInt32LittleEndian(Item(i)[4..]);
                parameters.Add(new BtfParameter(_types.StringAt(name), type));
            }

            return parameters;
        }
    }

    internal BtfRecord Record => _record;

    internal BtfSection? Section => _section;

    private bool HasSize => IsStructure
        || Kind is BtfKind.Int or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float or BtfKind.DataSection;

    /// <summary>The kind and the name, as <c>Struct page</c>.</summary>
    public override string ToString() => $"{Kind} {Name}";

    internal static long ValueOf(BtfRecord record, ReadOnlySpan<byte> item) => record.Kind == BtfKind.Enum64
        ? BinaryPrimitives.ReadInt64LittleEndian(item[4..])
        : record.IsFlagged
            ? BinaryPrimitives.ReadInt32LittleEndian(item[4..])
            : BinaryPrimitives.ReadUInt32LittleEndian(item[4..]);

    private ReadOnlySpan<byte> Item(int index) => _section!.ItemOf(_record, index);
}
