namespace Lifeboat.Core.Linux;

/// <summary>Files of sysfs: of one line, and gone as soon as their device is.</summary>
public static class SystemFile
{
    /// <summary>What a file says, without the end of the line; null when it cannot be read.</summary>
    public static string? Text(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a file in a folder says, without the end of the line; null when it cannot be read.</summary>
    public static string? Text(string folder, string name) => Text(Path.Combine(folder, name));

    /// <summary>Where a link leads to; null when it is none.</summary>
    public static string? Target(string link)
    {
        try
        {
            return Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
