using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>
/// What each byte of a packed name stands for: one character, or several that often stand together. The first
/// character of an unpacked name is the symbol's type.
/// </summary>
internal sealed class KallsymsTokens
{
    internal const int Count = 256;

    // An offset in the table has 16 bits; the last string may reach on from there.
    private const int LongestToken = 512;
    private const uint Multiplier = 31;
    private const int LongestTable = ushort.MaxValue + 1 + LongestToken;

    private readonly byte[] _table;
    private readonly ushort[] _starts = new ushort[Count];
    private readonly ushort[] _lengths = new ushort[Count];
    private readonly uint[] _hashes = new uint[Count];
    private readonly uint[] _powers = new uint[Count];

    private KallsymsTokens(byte[] table) => _table = table;

    /// <exception cref="DumpFormatException">The table cannot be read, or is none.</exception>
    internal static KallsymsTokens Read(AddressSpace space, KallsymsTables tables)
    {
        Span<byte> index = stackalloc byte[Count * sizeof(ushort)];
        if (space.Read(tables.TokenIndex, index, out MemoryFault fault) < index.Length)
        {
            throw KallsymsTables.Unreadable("kallsyms_token_index", fault);
        }

        int last = 0;
        for (int i = 0; i < Count; i++)
        {
            last = Math.Max(last, BinaryPrimitives.ReadUInt16LittleEndian(index[(2 * i)..]));
        }

        // The index follows the table: what lies between them is all of it.
        ulong gap = unchecked(tables.TokenIndex.Value - tables.TokenTable.Value);
        int wanted = (int)Math.Min(gap > (ulong)last ? gap : LongestTable, LongestTable);
        byte[] table = new byte[wanted];
        int read = space.Read(tables.TokenTable, table, out fault);
        var tokens = new KallsymsTokens(table);
        for (int i = 0; i < Count; i++)
        {
            int start = BinaryPrimitives.ReadUInt16LittleEndian(index[(2 * i)..]);
            if (start >= read)
            {
                throw read < wanted
                    ? KallsymsTables.Unreadable("kallsyms_token_table", fault)
                    : Damaged(tables, i, start);
            }

            int length = table.AsSpan(start, read - start).IndexOf((byte)0);
            if (length is < 0 or > LongestToken)
            {
                throw Damaged(tables, i, start);
            }

            tokens._starts[i] = (ushort)start;
            tokens._lengths[i] = (ushort)length;
            tokens.Prepare((byte)i);
        }

        return tokens;
    }

    internal ReadOnlySpan<byte> this[byte code] => _table.AsSpan(_starts[code], _lengths[code]);

    /// <summary>Whether a packed name is this one; its type may be any.</summary>
    internal bool IsName(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> name)
    {
        bool isTypeSkipped = false;
        foreach (byte code in codes)
        {
            ReadOnlySpan<byte> token = this[code];
            if (!isTypeSkipped && !token.IsEmpty)
            {
                isTypeSkipped = true;
                token = token[1..];
            }

            if (!name.StartsWith(token))
            {
                return false;
            }

            name = name[token.Length..];
        }

        return isTypeSkipped && name.IsEmpty;
    }

    /// <summary>A hash of a packed name, its type left out; the same as <see cref="Hash(ReadOnlySpan{byte})"/> of it.</summary>
    internal uint HashPacked(ReadOnlySpan<byte> codes)
    {
        uint hash = 0;
        bool isTypeSkipped = false;
        foreach (byte code in codes)
        {
            if (!isTypeSkipped && _lengths[code] > 0)
            {
                isTypeSkipped = true;
                hash = Hash(this[code][1..]);
                continue;
            }

            hash = unchecked((hash * _powers[code]) + _hashes[code]);
        }

        return hash;
    }

    internal static uint Hash(ReadOnlySpan<byte> text)
    {
        uint hash = 0;
        foreach (byte character in text)
        {
            hash = unchecked((hash * Multiplier) + character);
        }

        return hash;
    }

    /// <summary>The name and, before it, its type; false for one that is empty or longer than is believed.</summary>
    internal bool TryUnpack(ReadOnlySpan<byte> codes, int limit, out char type, out string name)
    {
        (type, name) = ('\0', "");
        Span<byte> text = limit <= 1024 ? stackalloc byte[limit + 1] : new byte[limit + 1];
        int length = 0;
        foreach (byte code in codes)
        {
            ReadOnlySpan<byte> token = this[code];
            if (!token.TryCopyTo(text[length..]))
            {
                return false;
            }

            length += token.Length;
        }

        if (length < 2)
        {
            return false;
        }

        type = (char)text[0];
        name = Encoding.Latin1.GetString(text[1..length]);
        return true;
    }

    /// <summary>A name's hash is put together of its strings' hashes: what each of them multiplies by is kept too.</summary>
    private void Prepare(byte code)
    {
        _hashes[code] = Hash(this[code]);
        _powers[code] = 1;
        for (int i = 0; i < _lengths[code]; i++)
        {
            _powers[code] = unchecked(_powers[code] * Multiplier);
        }
    }

    private static DumpFormatException Damaged(KallsymsTables tables, int token, int start) =>
        new(new Diagnostic(SymbolsDiagnosticIds.DamagedSymbols, "the strings of the kernel's symbols make no sense")
        {
            Where = $"kallsyms_token_table at {tables.TokenTable}",
            Found = $"string {token} at 0x{start:x}, which does not end within the table",
        });
}
