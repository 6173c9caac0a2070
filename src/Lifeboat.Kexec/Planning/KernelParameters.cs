namespace Lifeboat.Kexec.Planning;

/// <summary>A kernel's command line as a list of parameters.</summary>
public static class KernelParameters
{
    private const string EndOfParameters = "--";

    /// <summary>The line without the parameters of these names, which are written with underscores.</summary>
    /// <param name="line">A command line; what stands behind <c>--</c> is init's, and stays.</param>
    /// <param name="names">The names.</param>
    public static string Without(string line, params string[] names) =>
        NextCommandLine.Join(string.Join(' ', Without(line, names, out string forInit)), forInit);

    /// <summary>The same as a list, and what is init's, with the <c>--</c> before it.</summary>
    internal static List<string> Without(string line, string[] names, out string forInit)
    {
        List<string> words = Split(line);
        int end = words.IndexOf(EndOfParameters);
        forInit = end < 0 ? "" : string.Join(' ', words[end..]);
        words.RemoveRange(end < 0 ? words.Count : end, end < 0 ? 0 : words.Count - end);
        words.RemoveAll(word => Array.IndexOf(names, NameOf(word)) >= 0);
        return words;
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
