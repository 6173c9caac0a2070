using System.Globalization;

namespace Lifeboat.Cli.Personalities;

/// <summary>Numbers as C programs read them: leading white space is skipped, and what follows the digits ignored.</summary>
internal static class CNumber
{
    private const string SizeSuffixes = "KMGTPE";

    /// <summary><c>atoi</c>: 0 where there is no number; what does not fit is held at the type's limits.</summary>
    public static int ToInt(string text)
    {
        string trimmed = text.TrimStart();
        int end = trimmed.Length > 0 && trimmed[0] is '+' or '-' ? 1 : 0;
        while (end < trimmed.Length && char.IsAsciiDigit(trimmed[end]))
        {
            end++;
        }

        return long.TryParse(trimmed.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? (int)Math.Clamp(value, int.MinValue, int.MaxValue)
            : end > 1 ? (trimmed[0] == '-' ? int.MinValue : int.MaxValue) : 0;
    }

    /// <summary><c>strtoul</c> with base 0: decimal, or hexadecimal after 0x, or octal after 0; 0 where there is no number.</summary>
    public static ulong ToUnsigned(string text) => ReadUnsigned(text.TrimStart(), out _);

    /// <summary>A size: a number as of <see cref="ToUnsigned"/>, and one of K, M, G, T, P, E after it.</summary>
    public static bool TryReadSize(string text, out ulong value)
    {
        string trimmed = text.TrimStart();
        value = ReadUnsigned(trimmed, out int end);
        if (end == trimmed.Length)
        {
            return end > 0;
        }

        int exponent = SizeSuffixes.IndexOf(char.ToUpperInvariant(trimmed[end]), StringComparison.Ordinal);
        int shift = 10 * (exponent + 1);
        if (end == 0 || exponent < 0 || end + 1 < trimmed.Length || value > ulong.MaxValue >> shift)
        {
            return false;
        }

        value <<= shift;
        return true;
    }

    /// <summary>A number as of <see cref="ToUnsigned"/> with nothing after it.</summary>
    public static bool TryReadWhole(string text, out ulong value)
    {
        string trimmed = text.TrimStart();
        value = ReadUnsigned(trimmed, out int end);
        return end > 0 && end == trimmed.Length;
    }

    private static ulong ReadUnsigned(string text, out int end)
    {
        uint radix = 10;
        end = 0;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length > 2 && char.IsAsciiHexDigit(text[2]))
        {
            (radix, end) = (16, 2);
        }
        else if (text.StartsWith('0'))
        {
            radix = 8;
        }

        UInt128 value = 0;
        while (end < text.Length && char.IsAsciiHexDigit(text[end]) && Digit(text[end]) < radix)
        {
            value = UInt128.Min((value * radix) + Digit(text[end]), ulong.MaxValue);
            end++;
        }

        return (ulong)value;
    }

    private static uint Digit(char digit) =>
        char.IsAsciiDigit(digit) ? (uint)(digit - '0') : (uint)(char.ToLowerInvariant(digit) - 'a' + 10);
}
