using System.Globalization;

namespace Lifeboat.Kernel;

/// <summary>
/// The line that names CPU and task in every report: <c>CPU: 1 PID: 42 Comm: name Not tainted 6.1.0 #1</c>; newer
/// kernels have <c>UID: 0</c> in it.
/// </summary>
internal static class TaskLine
{
    private const string NotTainted = "Not tainted";
    private const string Tainted = "Tainted: ";
    private const string KdumpLoaded = " Kdump: loaded";

    internal static PanicSummary Parse(string line, PanicSummary summary)
    {
        const string CommandKey = " Comm: ";
        int command = line.IndexOf(CommandKey, StringComparison.Ordinal);
        string? name = null;
        string? taint = null;
        if (command >= 0)
        {
            // A task may have spaces in its name, so that the taint's words are looked for from the end.
            string rest = line[(command + CommandKey.Length)..];
            int end = rest.LastIndexOf($" {NotTainted}", StringComparison.Ordinal);
            if (end >= 0)
            {
                taint = NotTainted;
            }
            else
            {
                end = rest.LastIndexOf($" {Tainted}", StringComparison.Ordinal);
                taint = end < 0 ? null : TaintFlags(rest[(end + 1)..]);
            }

            name = end < 0 ? null : WithoutKdump(rest[..end]);
        }

        return summary with
        {
            Cpu = Number(line, "CPU: "),
            Pid = Number(line, " PID: "),
            Command = name,
            Taint = taint,
        };
    }

    /// <summary>A kernel with a capture kernel loaded says so between name and taint.</summary>
    private static string WithoutKdump(string name) =>
        name.EndsWith(KdumpLoaded, StringComparison.Ordinal) ? name[..^KdumpLoaded.Length] : name;

    /// <summary>The letters, which stand in columns, up to the release.</summary>
    private static string TaintFlags(string text)
    {
        IEnumerable<string> letters = text[Tainted.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(static word => word.All(char.IsAsciiLetterUpper));
        return Tainted + string.Concat(letters);
    }

    private static int? Number(string line, string key)
    {
        int start = line.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += key.Length;
        int end = start;
        while (end < line.Length && char.IsAsciiDigit(line[end]))
        {
            end++;
        }

        return int.TryParse(
            line.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value : null;
    }
}
