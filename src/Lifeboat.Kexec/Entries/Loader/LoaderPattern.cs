namespace Lifeboat.Kexec.Entries.Loader;

/// <summary>Patterns by which an entry is chosen: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>\</c>; capitals are as small letters.</summary>
internal static class LoaderPattern
{
    /// <summary>Steps of one match; a pattern of many stars takes more and more of them.</summary>
    private const int MaxSteps = 1 << 16;

    internal static bool Matches(string pattern, string text)
    {
        int steps = 0;
        return Matches(pattern.ToLowerInvariant(), text.ToLowerInvariant(), ref steps);
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, ref int steps)
    {
        while (!pattern.IsEmpty)
        {
            if (++steps > MaxSteps)
            {
                return false;
            }

            switch (pattern[0])
            {
                case '*':
                    pattern = pattern.TrimStart('*');
                    if (pattern.IsEmpty)
                    {
                        return true;
                    }

                    for (; !text.IsEmpty; text = text[1..])
                    {
                        if (Matches(pattern, text, ref steps))
                        {
                            return true;
                        }
                    }

                    return false;
                case '?':
                    if (text.IsEmpty)
                    {
                        return false;
                    }

                    pattern = pattern[1..];
                    break;
                case '[' when pattern.IndexOf(']') > 1:
                    int end = pattern.IndexOf(']');
                    if (text.IsEmpty || !IsIn(pattern[1..end], text[0]))
                    {
                        return false;
                    }

                    pattern = pattern[(end + 1)..];
                    break;
                default:
                    pattern = pattern[0] == '\\' && pattern.Length > 1 ? pattern[1..] : pattern;
                    if (text.IsEmpty || text[0] != pattern[0])
                    {
                        return false;
                    }

                    pattern = pattern[1..];
                    break;
            }

            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static bool IsIn(ReadOnlySpan<char> set, char letter)
    {
        for (int i = 0; i < set.Length; i++)
        {
            bool isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (isRange ? letter >= set[i] && letter <= set[i + 2] : letter == set[i])
            {
                return true;
            }

            i += isRange ? 2 : 0;
        }

        return false;
    }
}
