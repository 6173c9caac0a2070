namespace Lifeboat.Capture.Targets;

/// <summary>Files of sysfs, which may go away at any time.</summary>
internal static class SystemFile
{
    /// <summary>What a file says, without the end of the line; null when it cannot be read.</summary>
    internal static string? Text(string path)
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

    /// <summary>Where a link leads to; null when it is none.</summary>
    internal static string? Target(string link)
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
