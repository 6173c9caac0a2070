namespace Lifeboat.Core.Linux;

/// <summary>A kernel's command line, word by word as the kernel takes it apart.</summary>
/// <remarks>Source: the kernel's lib/cmdline.c (next_arg) and kernel/params.c; the kernel gives a loaded module nothing of it, modprobe does.</remarks>
public static class KernelCommandLine
{
    /// <summary>What follows it is for init.</summary>
    public const string EndOfParameters = "--";

    /// <summary>The parameters, split at spaces outside double quotes.</summary>
    public static string[] Split(string line)
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

        return [.. words];
    }

    /// <summary>The name of a parameter, with underscores, as the kernel compares names.</summary>
    public static string NameOf(string word) => word.Split('=', 2)[0].Trim('"').Replace('-', '_');

    /// <summary>What a module that is loaded is to be given: its parameters (<c>module.parameter=value</c>) without its name, in their order.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="module">The module's name, with underscores.</param>
    public static string ForModule(string line, string module)
    {
        var parameters = new List<string>();
        foreach (string word in Split(line))
        {
            if (word == EndOfParameters)
            {
                break;
            }

            if (NameOf(word).StartsWith(module + '.', StringComparison.Ordinal))
            {
                string quote = word[0] == '"' ? "\"" : "";
                parameters.Add(quote + word[(quote.Length + module.Length + 1)..]);
            }
        }

        return string.Join(' ', parameters);
    }
}
