using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Erasing;

/// <summary>What a dump says of what was erased in it (makedumpfile's eraseinfo): a line each.</summary>
/// <remarks>
/// <code>
/// erase user_key_payload.data size 32 at 0x1c8a018    ours; makedumpfile's lines end with the size
/// </code>
/// The place is physical. In a kdump-compressed file the sub-header says where the text is, in an ELF file it is a note.
/// </remarks>
public static class EraseInfo
{
    internal const int MaxWord = 256;

    private const int MaxTextBytes = 4 << 20;
    private const string First = "erase ";
    private const string Size = " size ";
    private const string Place = " at 0x";

    /// <summary>The ranges that a text names with their places; other lines are passed over.</summary>
    /// <param name="text">The text, which may be anything.</param>
    public static IReadOnlyList<ErasedRange> Parse(ReadOnlySpan<byte> text)
    {
        var ranges = new List<ErasedRange>();
        foreach (ReadOnlySpan<char> line in Encoding.ASCII.GetString(text).AsSpan().EnumerateLines())
        {
            int size = line.IndexOf(Size, StringComparison.Ordinal);
            int place = line.IndexOf(Place, StringComparison.Ordinal);
            if (line.StartsWith(First, StringComparison.Ordinal) && size >= First.Length && place > size
                && ulong.TryParse(line[(size + Size.Length)..place], NumberStyles.None, CultureInfo.InvariantCulture, out ulong length)
                && ulong.TryParse(
                    line[(place + Place.Length)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
                && start <= ulong.MaxValue - length && line[First.Length..size].ToString() is var what && IsWord(what))
            {
                ranges.Add(new ErasedRange(what, PhysicalRange.FromLength(new PhysicalAddress(start), new ByteCount(length))));
            }
        }

        return ranges;
    }

    /// <summary>What was erased before, and what an eraser erases now.</summary>
    internal static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> before, DumpEraser? eraser) =>
        eraser is null or { Info.IsEmpty: true } ? before
        : before.IsEmpty ? eraser.Info
        : (byte[])[.. before.Span.TrimEnd("\n\0"u8), (byte)'\n', .. eraser.Info.Span];

    internal static bool IsWord(string what)
    {
        foreach (char character in what)
        {
            if (character is <= ' ' or > '~')
            {
                return false;
            }
        }

        return what.Length is > 0 and <= MaxWord;
    }

    /// <summary>The text for ranges; past a limit a last line says how many more there are.</summary>
    internal static byte[] ToText(IReadOnlyList<ErasedRange> ranges)
    {
        var text = new StringBuilder();
        for (int i = 0; i < ranges.Count; i++)
        {
            if (text.Length > MaxTextBytes - (2 * MaxWord))
            {
                text.Append(CultureInfo.InvariantCulture, $"# {ranges.Count - i} more\n");
                break;
            }

            PhysicalRange range = ranges[i].Range;
            text.Append(First).Append(ranges[i].What).Append(Size)
                .Append(range.Length.Value.ToString(CultureInfo.InvariantCulture)).Append(Place)
                .Append(range.Start.Value.ToString("x", CultureInfo.InvariantCulture)).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
