namespace Lifeboat.Cli.Output;

/// <summary>The files of a dump on disk: which may be written.</summary>
internal static class DumpFiles
{
    /// <summary>
    /// Sees to it that a file can be written: it is not one that is read, and what it holds is not lost without being
    /// asked for.
    /// </summary>
    /// <param name="output">The file to write.</param>
    /// <param name="inputs">Those that are read.</param>
    /// <param name="mayOverwrite">Whether what the file holds may be lost.</param>
    /// <exception cref="IOException">It may not be written.</exception>
    public static void ClearForWriting(string output, IReadOnlyList<string> inputs, bool mayOverwrite)
    {
        string target = RealPath(output);
        foreach (string input in inputs)
        {
            if (RealPath(input) == target)
            {
                throw new IOException($"{output} is a file that is read; name another to write");
            }
        }

        // Devices and pipes have no length.
        if (new FileInfo(target) is { Exists: true, Length: > 0 })
        {
            if (!mayOverwrite)
            {
                throw new IOException($"{output} is there already; --force overwrites it");
            }

            // Not emptied but taken away: under another name it may still be one that is read.
            File.Delete(target);
        }
    }

    // Links in folders count too: a file reached through two of them is one file.
    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        full = Follow(new FileInfo(full));
        string? folder = Path.GetDirectoryName(full);
        return folder is null ? full : Path.Combine(RealFolder(folder), Path.GetFileName(full));
    }

    private static string RealFolder(string folder)
    {
        if (Path.GetDirectoryName(folder) is not { } parent)
        {
            return folder;
        }

        string full = Path.Combine(RealFolder(parent), Path.GetFileName(folder));
        return Follow(new DirectoryInfo(full));
    }

    // What is not there is no link either.
    private static string Follow(FileSystemInfo place) =>
        place.LinkTarget is null ? place.FullName : place.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place.FullName;
}
