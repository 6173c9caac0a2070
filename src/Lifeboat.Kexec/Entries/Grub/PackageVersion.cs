namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>
/// The order in which grub's blscfg puts entry files: their names taken apart as NAME-VERSION-RELEASE, each part compared as
/// packages are, runs of digits by value and of letters by letter.
/// </summary>
internal static class PackageVersion
{
    /// <summary>Negative when the first is the older.</summary>
    internal static int Compare(string one, string other)
    {
        (string Name, string Version, string Release) first = Split(one);
        (string Name, string Version, string Release) second = Split(other);
        int order = CompareParts(first.Name, second.Name);
        order = order != 0 ? order : CompareParts(first.Version, second.Version);
        return order != 0 ? order : CompareParts(first.Release, second.Release);
    }

    private static (string Name, string Version, string Release) Split(string text)
    {
        int release = text.LastIndexOf('-');
        if (release < 0)
        {
            return (text, "", "");
        }

        int version = release == 0 ? -1 : text.LastIndexOf('-', release - 1);
        return version < 0
            ? ("", text[..release], text[(release + 1)..])
            : (text[..version], text[(version + 1)..release], text[(release + 1)..]);
    }

    private static int CompareParts(string one, string other)
    {
        int i = 0;
        int j = 0;
        while (true)
        {
            i = SkipOthers(one, i);
            j = SkipOthers(other, j);

            // A tilde sorts before everything, the end included.
            bool tilde = i < one.Length && one[i] == '~';
            bool otherTilde = j < other.Length && other[j] == '~';
            if (tilde || otherTilde)
            {
                if (tilde != otherTilde)
                {
                    return tilde ? -1 : 1;
                }

                i++;
                j++;
                continue;
            }

            if (i == one.Length || j == other.Length)
            {
                // What has more left is the newer.
                return (i < one.Length ? 1 : 0) - (j < other.Length ? 1 : 0);
            }

            bool digits = char.IsAsciiDigit(one[i]);
            ReadOnlySpan<char> mine = Run(one, i, digits);
            ReadOnlySpan<char> its = Run(other, j, digits);
            if (its.IsEmpty)
            {
                // A number is newer than letters.
                return digits ? 1 : -1;
            }

            i += mine.Length;
            j += its.Length;
            if (digits)
            {
                mine = mine.TrimStart('0');
                its = its.TrimStart('0');
                if (mine.Length != its.Length)
                {
                    return mine.Length - its.Length;
                }
            }

            int order = mine.CompareTo(its, StringComparison.Ordinal);
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static int SkipOthers(string text, int position)
    {
        while (position < text.Length && !char.IsAsciiLetterOrDigit(text[position]) && text[position] != '~')
        {
            position++;
        }

        return position;
    }

    private static ReadOnlySpan<char> Run(string text, int start, bool digits)
    {
        int end = start;
        while (end < text.Length && (digits ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetter(text[end])))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }
}
