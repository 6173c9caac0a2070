using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Types;

/// <summary>One piece of BTF, checked: its types by number and its strings by offset.</summary>
/// <remarks>
/// <para><b>Memory.</b> The place of every 16th type is kept, from which the others are counted off: 40 KiB for a kernel,
/// and nothing for each type. Of the pages of the types, 4 MB of a kernel's, few are asked for once they are checked, and 1 MiB is kept; those of
/// the strings are gone through for every name, and all stay.</para>
/// </remarks>
internal sealed class BtfSection
{
    private const int Stride = 16;
    private const int KeptTypePages = 256;
    private const string Unknown = "?";

    private readonly LazyBytes _types;
    private readonly LazyBytes _strings;
    private readonly int _longestName;
    private readonly List<int> _places = [];

    /// <param name="bytes">The header and what follows.</param>
    /// <param name="firstId">The number of the first type: 1, or one past those of the section this one builds on.</param>
    /// <param name="firstString">The offset of the first string, so too.</param>
    /// <param name="limits">What to believe of it.</param>
    /// <exception cref="DumpFormatException">It cannot be read, or contradicts itself.</exception>
    internal BtfSection(LazyBytes bytes, int firstId, uint firstString, DumpLimits limits)
    {
        FirstId = firstId;
        FirstString = firstString;
        _longestName = limits.MaxSymbolNameLength;
        if (!bytes.TryGet(0, BtfHeader.Size, out ReadOnlySpan<byte> start) || !BtfHeader.TryParse(start, out BtfHeader header))
        {
            throw Unreadable("the header", 0, bytes.Fault);
        }

        if (header.Validate(bytes.Length) is { } wrong)
        {
            throw new DumpFormatException(wrong);
        }

        TypesLength = (int)header.TypesLength;
        StringsLength = (int)header.StringsLength;
        _types = bytes.Part((long)header.HeaderLength + header.TypesOffset, TypesLength, KeptTypePages);
        _strings = bytes.Part((long)header.HeaderLength + header.StringsOffset, StringsLength, int.MaxValue);
        new BtfCheck(this).Run(_places, Stride, out int count);
        EndId = firstId + count;
    }

    internal int FirstId { get; }

    /// <summary>One past the last type's number.</summary>
    internal int EndId { get; }

    internal uint FirstString { get; }

    internal uint EndString => FirstString + (uint)StringsLength;

    internal int TypesLength { get; }

    internal int StringsLength { get; }

    internal BtfRecord RecordAt(int position) => BtfRecord.Parse(TypeBytes(position, BtfRecord.Size), position);

    /// <summary>A type by a number from <see cref="FirstId"/> to <see cref="EndId"/>.</summary>
    internal BtfRecord RecordOf(int id)
    {
        int index = id - FirstId;
        BtfRecord record = RecordAt(_places[index / Stride]);
        for (int i = index % Stride; i > 0; i--)
        {
            record = RecordAt(record.Position + record.Length);
        }

        return record;
    }

    /// <summary>One of the things that follow a type; valid until the next call.</summary>
    internal ReadOnlySpan<byte> ItemOf(BtfRecord record, int index) =>
        TypeBytes(record.Position + BtfRecord.Size + (index * record.ItemSize), record.ItemSize);

    /// <summary>Whether this very string is at an offset of this section.</summary>
    internal bool IsString(uint offset, ReadOnlySpan<byte> text) =>
        _strings.TryGet(offset - FirstString, text.Length + 1, out ReadOnlySpan<byte> found)
        && found[^1] == 0 && found.StartsWith(text);

    /// <summary>A string; of one that is longer than names are, its beginning; <c>?</c> for one that cannot be read.</summary>
    internal string StringAt(uint offset)
    {
        long place = offset - FirstString;
        int longest = (int)Math.Min(_longestName, StringsLength - place);
        int length = 0;
        while (length < longest)
        {
            if (!_strings.TryGetRest(place + length, out ReadOnlySpan<byte> rest))
            {
                return Unknown;
            }

            int end = rest.IndexOf((byte)0);
            length += end < 0 ? rest.Length : end;
            if (end >= 0)
            {
                break;
            }
        }

        length = Math.Min(length, longest);
        return _strings.TryGet(place, length, out ReadOnlySpan<byte> text)
            ? System.Text.Encoding.UTF8.GetString(text) : Unknown;
    }

    /// <summary>Where a string is; the kernel's BTF has each once.</summary>
    internal bool TryFindString(ReadOnlySpan<byte> text, out uint offset)
    {
        offset = FirstString;
        if (StringsLength > 0 && IsString(offset, text))
        {
            return true;
        }

        // Every string ends with a zero: each but the first stands between two.
        Span<byte> wanted = text.Length < 256 ? stackalloc byte[text.Length + 2] : new byte[text.Length + 2];
        wanted.Clear();
        text.CopyTo(wanted[1..]);
        for (int place = 0; place < StringsLength; place += LazyBytes.PieceSize)
        {
            int count = Math.Min(LazyBytes.PieceSize + wanted.Length, StringsLength - place);
            if (!_strings.TryGet(place, count, out ReadOnlySpan<byte> window))
            {
                // Names on a page that the dump does not have are not found; those on others are.
                continue;
            }

            int found = window.IndexOf(wanted);
            if (found >= 0)
            {
                offset = FirstString + (uint)(place + found + 1);
                return true;
            }
        }

        return false;
    }

    internal ReadOnlySpan<byte> TypeBytes(int position, int count) =>
        _types.TryGet(position, count, out ReadOnlySpan<byte> bytes) ? bytes : throw Unreadable("the types", position, _types.Fault);

    internal byte StringByte(int offset) =>
        _strings.TryGet(offset, 1, out ReadOnlySpan<byte> bytes) ? bytes[0] : throw Unreadable("the strings", offset, _strings.Fault);

    private static DumpFormatException Unreadable(string of, long offset, MemoryFault fault) =>
        new(new Diagnostic(SymbolsDiagnosticIds.Unreadable, "the kernel's types cannot be read")
        {
            Where = $"0x{offset:x} of {of} in BTF",
            Found = fault.ToString(),
        });
}
