namespace Lifeboat.Kexec.Reservation;

/// <summary>Numbers as the kernel's memparse() reads them.</summary>
internal static class KernelNumber
{
    private const string Suffixes = "KMGTPE";

    /// <summary>
    /// Reads a number at <paramref name="position"/> and goes past it: decimal, hex after 0x, octal after 0, then a suffix. A
    /// suffix alone is a number too, zero, as the kernel has it. What does not fit 64 bits loses its upper bits.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    internal static bool TryRead(string text, ref int position, out ulong value)
    {
        int start = position;
        value = 0;
        ulong radix = 10;
        if (At(text, position) == '0')
        {
            bool hex = char.ToLowerInvariant(At(text, position + 1)) == 'x' && char.IsAsciiHexDigit(At(text, position + 2));
            radix = hex ? 16UL : 8UL;
            position += hex ? 2 : 0;
        }

        while (DigitOf(At(text, position)) is var digit && digit < radix)
        {
            value = unchecked((value * radix) + digit);
            position++;
        }

        int suffix = Suffixes.IndexOf(char.ToUpperInvariant(At(text, position)), StringComparison.Ordinal);
        if (suffix >= 0)
        {
            value = unchecked(value << ((suffix + 1) * 10));
            position++;
        }

        return position > start;
    }

    /// <summary>The character there; NUL behind the end, where the kernel finds one.</summary>
    internal static char At(string text, int position) => position < text.Length ? text[position] : '\0';

    private static ulong DigitOf(char character) =>
        char.IsAsciiHexDigit(character) ? (ulong)Convert.ToInt32(character.ToString(), 16) : ulong.MaxValue;
}
