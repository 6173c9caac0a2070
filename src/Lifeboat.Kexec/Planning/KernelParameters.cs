using Lifeboat.Core.Linux;

namespace Lifeboat.Kexec.Planning;

/// <summary>A kernel's command line as a list of parameters.</summary>
public static class KernelParameters
{
    /// <summary>The line without the parameters of these names, which are written with underscores.</summary>
    /// <param name="line">A command line; what stands behind <c>--</c> is init's, and stays.</param>
    /// <param name="names">The names.</param>
    public static string Without(string line, params string[] names) =>
        NextCommandLine.Join(string.Join(' ', Without(line, names, out string forInit)), forInit);

    /// <summary>The same as a list, and what is init's, with the <c>--</c> before it.</summary>
    internal static List<string> Without(string line, string[] names, out string forInit)
    {
        List<string> words = [.. KernelCommandLine.Split(line)];
        int end = words.IndexOf(KernelCommandLine.EndOfParameters);
        forInit = end < 0 ? "" : string.Join(' ', words[end..]);
        words.RemoveRange(end < 0 ? words.Count : end, end < 0 ? 0 : words.Count - end);
        words.RemoveAll(word => Array.IndexOf(names, KernelCommandLine.NameOf(word)) >= 0);
        return words;
    }
}
