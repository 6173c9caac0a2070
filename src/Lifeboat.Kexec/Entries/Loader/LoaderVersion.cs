namespace Lifeboat.Kexec.Entries.Loader;

/// <summary>The order of versions of the UAPI group's Version Format Specification, by which boot entries are sorted.</summary>
internal static class LoaderVersion
{
    /// <summary>Separators, in the order in which they sort; each before the end of the text or after it, as written there.</summary>
    private const string Separators = "~-^.";

    /// <summary>Negative when the first is the older; null is as empty.</summary>
    internal static int Compare(string? one, string? other)
    {
        ReadOnlySpan<char> a = one;
        ReadOnlySpan<char> b = other;
        while (true)
        {
            a = SkipOthers(a);
            b = SkipOthers(b);

            // A tilde sorts before the end of the text, the other separators after it.
            if (Take(ref a, ref b, '~') is var tilde and not 0)
            {
                return -tilde;
            }

            if (a.IsEmpty || b.IsEmpty)
            {
                return (a.IsEmpty ? 0 : 1) - (b.IsEmpty ? 0 : 1);
            }

            foreach (char separator in Separators.AsSpan(1))
            {
                if (Take(ref a, ref b, separator) is var taken and not 0)
                {
                    return -taken;
                }
            }

            bool digits = (!a.IsEmpty && char.IsAsciiDigit(a[0])) || (!b.IsEmpty && char.IsAsciiDigit(b[0]));
            ReadOnlySpan<char> mine = Run(a, digits);
            ReadOnlySpan<char> its = Run(b, digits);
            a = a[mine.Length..];
            b = b[its.Length..];
            int order = digits ? CompareNumbers(mine, its) : CompareLetters(mine, its);
            if (order != 0)
            {
                return order;
            }
        }
    }

    /// <summary>Takes a separator off both; 1 or -1 when only the first or only the second has it, 0 when both or neither.</summary>
    private static int Take(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b, char separator)
    {
        bool mine = !a.IsEmpty && a[0] == separator;
        bool its = !b.IsEmpty && b[0] == separator;
        if (mine && its)
        {
            a = a[1..];
            b = b[1..];
        }

        return (mine ? 1 : 0) - (its ? 1 : 0);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            // A number is newer than letters.
            return (a.IsEmpty ? 0 : 1) - (b.IsEmpty ? 0 : 1);
        }

        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length - b.Length : a.CompareTo(b, StringComparison.Ordinal);
    }

    /// <summary>Letter by letter, capitals before small ones; what goes on is the newer.</summary>
    private static int CompareLetters(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.CompareTo(b, StringComparison.Ordinal);

    private static ReadOnlySpan<char> SkipOthers(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && !char.IsAsciiLetterOrDigit(text[0]) && !Separators.Contains(text[0], StringComparison.Ordinal))
        {
            text = text[1..];
        }

        return text;
    }

    private static ReadOnlySpan<char> Run(ReadOnlySpan<char> text, bool digits)
    {
        int end = 0;
        while (end < text.Length && (digits ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetter(text[end])))
        {
            end++;
        }

        return text[..end];
    }
}
