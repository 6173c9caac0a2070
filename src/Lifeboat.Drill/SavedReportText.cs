using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Drill;

/// <summary>The report that a capture kernel saved, for a drill's own.</summary>
internal static class SavedReportText
{
    // A report is one screen; what is longer was not written by this program.
    private const int MaxReportLines = 200;

    /// <summary>Its lines, without the stacks of all tasks.</summary>
    internal static List<string> Read(string path)
    {
        var lines = new List<string>();
        foreach (string line in File.ReadLines(path))
        {
            if (line.Trim() == CrashReportText.TasksHeading || lines.Count == MaxReportLines)
            {
                break;
            }

            lines.Add(PlainText.Printable(line));
        }

        return lines;
    }
}
