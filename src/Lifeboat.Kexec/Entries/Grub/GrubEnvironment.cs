namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Grub's environment block, a file of 1024 bytes that outlives a boot: <c>saved_entry</c>, <c>next_entry</c>.</summary>
internal static class GrubEnvironment
{
    private const string Signature = "# GRUB Environment Block\n";

    /// <summary>The variables of a block; null when it is none.</summary>
    internal static Dictionary<string, string>? TryParse(string text)
    {
        if (!text.StartsWith(Signature, StringComparison.Ordinal))
        {
            return null;
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        int position = Signature.Length;
        while (position < text.Length)
        {
            if (text[position] == '#')
            {
                // A comment of the tools, or the filling up to the end, which has no line's end.
                int next = text.IndexOf('\n', position);
                position = next < 0 ? text.Length : next + 1;
                continue;
            }

            var value = new System.Text.StringBuilder();
            while (position < text.Length && text[position] != '\n')
            {
                // A backslash keeps what follows, a line's end or another backslash.
                position += text[position] == '\\' && position + 1 < text.Length ? 1 : 0;
                value.Append(text[position++]);
            }

            position++;
            string line = value.ToString();
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                variables[line[..equals]] = line[(equals + 1)..];
            }
        }

        return variables;
    }
}
