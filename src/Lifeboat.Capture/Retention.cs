using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture;

/// <summary>Removes a host's older crashes from a folder, when the settings want that.</summary>
internal static class Retention
{
    /// <summary>Removes what is too old, and the oldest of what is too many.</summary>
    /// <param name="parent">The folder of all crashes; other hosts may have theirs in it, which stay.</param>
    /// <param name="current">The new crash's folder, which stays.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="budget">How many, and for how long.</param>
    /// <param name="now">The time.</param>
    /// <returns>The names of those that are gone.</returns>
    /// <exception cref="IOException">One cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be removed.</exception>
    internal static List<string> Apply(string parent, string current, string host, CaptureBudget budget, DateTimeOffset now)
    {
        var gone = new List<string>();
        if (budget.KeepDumps is null && budget.KeepDays is null)
        {
            return gone;
        }

        List<string> others = Others(parent, Path.GetFileName(current), host);
        for (int i = 0; i < others.Count; i++)
        {
            // Sorted by time, the oldest first; the new one takes one of the places.
            bool isTooMany = others.Count - i > budget.KeepDumps - 1;
            bool isTooOld = budget.KeepDays is { } days && DumpFolder.TimeOf(others[i]) is { } time && now - time > TimeSpan.FromDays(days);
            if (isTooMany || isTooOld)
            {
                Directory.Delete(Path.Combine(parent, others[i]), recursive: true);
                gone.Add(others[i]);
            }
        }

        return gone;
    }

    private static List<string> Others(string parent, string current, string host)
    {
        var names = new List<string>();
        foreach (DirectoryInfo folder in new DirectoryInfo(parent).EnumerateDirectories())
        {
            // A link is nobody's dump, and what it leads to is not ours to remove.
            if (folder.Name != current && folder.LinkTarget is null && DumpFolder.IsOf(folder.Name, host))
            {
                names.Add(folder.Name);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
