using System.Buffers.Binary;
using System.Text;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>Writes BTF, type by type; each call returns the new type's number.</summary>
internal sealed class BtfWriter(int firstId = 1, uint firstString = 0)
{
    private const uint Flag = 0x8000_0000;

    private readonly List<byte> _types = [];
    private readonly Dictionary<string, uint> _places = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly StringBuilder _text = new(firstString == 0 ? "\0" : "");
    private int _next = firstId;

    internal int Int(string name, int bytes, bool isSigned = true) =>
        Add(BtfKind.Int, name, (uint)bytes, 0, false, (uint)(bytes * 8) | (isSigned ? 1u << 24 : 0));

    internal int Pointer(int target) => Add(BtfKind.Pointer, "", (uint)target, 0, false);

    internal int Alias(BtfKind kind, string name, int target) => Add(kind, name, (uint)target, 0, false);

    internal int Array(int element, int index, uint count) =>
        Add(BtfKind.Array, "", 0, 0, false, (uint)element, (uint)index, count);

    /// <summary>Members are name, type, offset in bits, size in bits of a bit field or 0.</summary>
    internal int Structure(
        BtfKind kind, string name, uint size, params (string Name, int Type, uint Offset, uint Bits)[] members)
    {
        bool hasBits = members.Any(member => member.Bits != 0);
        return Add(kind, name, size, members.Length, hasBits, [.. members.SelectMany(member => new[]
        {
            String(member.Name), (uint)member.Type, member.Offset | (member.Bits << 24),
        })]);
    }

    internal int Enum(string name, bool isSigned, params (string Name, int Value)[] values) =>
        Add(BtfKind.Enum, name, 4, values.Length, isSigned,
            [.. values.SelectMany(value => new[] { String(value.Name), unchecked((uint)value.Value) })]);

    internal int Enum64(string name, params (string Name, ulong Value)[] values) =>
        Add(BtfKind.Enum64, name, 8, values.Length, false,
            [.. values.SelectMany(value => new[] { String(value.Name), (uint)value.Value, (uint)(value.Value >> 32) })]);

    internal int Prototype(int returned, params (string Name, int Type)[] parameters) =>
        Add(BtfKind.FunctionPrototype, "", (uint)returned, parameters.Length, false,
            [.. parameters.SelectMany(parameter => new[] { String(parameter.Name), (uint)parameter.Type })]);

    internal int Function(string name, int prototype) => Add(BtfKind.Function, name, (uint)prototype, 1, false);

    internal int Variable(string name, int type) => Add(BtfKind.Variable, name, (uint)type, 0, false, 1);

    internal int Section(string name, int variable) =>
        Add(BtfKind.DataSection, name, 8, 1, false, (uint)variable, 0, 8);

    internal byte[] Write()
    {
        byte[] types = [.. _types];
        byte[] strings = Encoding.Latin1.GetBytes(_text.ToString());
        byte[] file = new byte[24 + types.Length + strings.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(file, 0xeb9f);
        file[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 24);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), types.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), types.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(20), strings.Length);
        types.CopyTo(file, 24);
        strings.CopyTo(file, 24 + types.Length);
        return file;
    }

    private uint String(string text)
    {
        if (!_places.TryGetValue(text, out uint place))
        {
            _places[text] = place = firstString + (uint)_text.Length;
            _text.Append(text).Append('\0');
        }

        return place;
    }

    private int Add(BtfKind kind, string name, uint sizeOrType, int count, bool isFlagged, params uint[] items)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint word in (uint[])
            [String(name), (uint)count | ((uint)kind << 24) | (isFlagged ? Flag : 0), sizeOrType, .. items])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
            _types.AddRange(bytes);
        }

        return _next++;
    }
}
