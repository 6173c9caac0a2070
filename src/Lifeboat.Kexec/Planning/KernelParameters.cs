namespace Lifeboat.Kexec.Planning;

/// <summary>A kernel's command line as a list of parameters.</summary>
public static class KernelParameters
{
    /// <summary>What stands before the arguments that are init's own.</summary>
    internal const string EndOfParameters = "--";

    /// <summary>The line without the parameters of these names, which are written with underscores.</summary>
    /// <param name="line">A command line; what stands behind <c>--</c> is init's, and stays.</param>
    /// <param name="names">The names.</param>
    public static string Without(string line, params ReadOnlySpan<string> names)
    {
        var kept = new List<string>();
        bool isForInit = false;
        foreach (string word in Split(line))
        {
            isForInit |= word == EndOfParameters;
            if (isForInit || !names.Contains(NameOf(word)))
            {
                kept.Add(word);
            }
        }

        return string.Join(' ', kept);
    }

    /// <summary>The parameters, split at spaces outside double quotes as the kernel's next_arg() does.</summary>
    internal static List<string> Split(string line)
    {
        var words = new List<string>();
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && line[i] == '"')
            {
                quoted = !quoted;
            }

            if (i == line.Length || (!quoted && char.IsWhiteSpace(line[i])))
            {
                if (i > start)
                {
                    words.Add(line[start..i]);
                }

                start = i + 1;
            }
        }

        return words;
    }

    /// <summary>The name of a parameter, with underscores, as the kernel compares names.</summary>
    internal static string NameOf(string word) => word.Split('=', 2)[0].Trim('"').Replace('-', '_');
}
