namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>Links to the program of this tree, under other programs' names.</summary>
internal static class ProgramLink
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "lifeboat");

    /// <summary>Makes a link in a folder, and gives its path.</summary>
    internal static string Create(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        File.CreateSymbolicLink(path, Program);
        return path;
    }
}
