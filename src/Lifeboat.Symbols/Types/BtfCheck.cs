using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Symbols.Types;

/// <summary>Goes over all types of a section once: afterwards every number and offset in it can be followed.</summary>
internal sealed class BtfCheck(BtfSection section)
{
    private uint _highestId;

    /// <exception cref="DumpFormatException">Something in it cannot be.</exception>
    internal void Run(List<int> places, int stride, out int count)
    {
        // What builds on other types has their empty string, and may have no string of its own.
        bool isAlone = section.FirstString == 0;
        int strings = section.StringsLength;
        if (strings == 0 ? isAlone : (isAlone && section.StringByte(0) != 0) || section.StringByte(strings - 1) != 0)
        {
            throw Damaged(0, "strings that do not begin and end with a zero");
        }

        count = 0;
        for (int position = 0; position < section.TypesLength; count++)
        {
            if (section.TypesLength - position < BtfRecord.Size)
            {
                throw Damaged(position, "the end of the types within one");
            }

            BtfRecord record = section.RecordAt(position);
            if (record.Kind is BtfKind.Void or > BtfRecord.LastKind)
            {
                throw Damaged(position, $"kind {(int)record.Kind}");
            }

            if (record.Length > section.TypesLength - position)
            {
                throw Damaged(position, "the end of the types within one");
            }

            CheckName(position, record.Name);
            if (record.RefersToType)
            {
                _highestId = Math.Max(_highestId, record.SizeOrType);
            }

            CheckItems(record);
            if (count % stride == 0)
            {
                places.Add(position);
            }

            position += record.Length;
        }

        if (_highestId >= (uint)(section.FirstId + count))
        {
            throw Damaged(section.TypesLength, $"a reference to type {_highestId} of {section.FirstId + count}");
        }
    }

    private static DumpFormatException Damaged(int position, string found) =>
        new(new Diagnostic(SymbolsDiagnosticIds.DamagedTypes, "the kernel's types are damaged")
        {
            Where = $"0x{position:x} of the types in BTF",
            Found = found,
        });

    private void CheckItems(BtfRecord record)
    {
        // Where in an item its name and the type that it refers to are.
        (int name, int type) = record.Kind switch
        {
            BtfKind.Struct or BtfKind.Union or BtfKind.FunctionPrototype => (0, 4),
            BtfKind.Enum or BtfKind.Enum64 => (0, -1),
            BtfKind.Array or BtfKind.DataSection => (-1, 0),
            _ => (-1, -1),
        };
        if (name < 0 && type < 0)
        {
            return;
        }

        for (int i = 0; i < record.Items; i++)
        {
            ReadOnlySpan<byte> item = section.ItemOf(record, i);
            if (name >= 0)
            {
                CheckName(record.Position, BinaryPrimitives.ReadUInt32LittleEndian(item[name..]));
            }

            if (type >= 0)
            {
                _highestId = Math.Max(_highestId, BinaryPrimitives.ReadUInt32LittleEndian(item[type..]));
            }
        }
    }

    private void CheckName(int position, uint name)
    {
        if (name >= section.EndString)
        {
            throw Damaged(position, $"a name at 0x{name:x} of 0x{section.EndString:x}");
        }
    }
}
