using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Lifeboat.TestSupport;

/// <summary>
/// What a guest's kernel said of itself just before it crashed, beside the dump of it: RELEASE.truth/ has files by their
/// paths in /proc (kallsyms, net/tcp, 1/maps, 1/task/1/stack), and links (<c>fd/3 -> /dev/console</c>) for each process.
/// </summary>
internal sealed class TruthFiles
{
    private readonly string _folder;
    private IReadOnlyList<TruthTask>? _tasks;

    private TruthFiles(string folder) => _folder = folder;

    /// <summary>The release of the kernel.</summary>
    internal string Release => Path.GetFileNameWithoutExtension(_folder);

    /// <summary>Every task but idle ones: threads of processes and kernel threads, by number.</summary>
    internal IReadOnlyList<TruthTask> Tasks => _tasks ??=
    [
        .. Processes.SelectMany(process => Names($"{process}/task").Select(thread => TruthTask.Read(this, process, Number(thread))))
            .OfType<TruthTask>().OrderBy(task => task.Pid),
    ];

    /// <summary>The numbers of the processes and kernel threads.</summary>
    internal IEnumerable<int> Processes =>
        Names("").Where(name => char.IsAsciiDigit(name[0])).Select(Number).Order();

    /// <summary>The files beside a dump, RELEASE.elf or RELEASE.kdump; null when there are none.</summary>
    internal static TruthFiles? Find(string dump)
    {
        string folder = Path.ChangeExtension(dump, ".truth");
        return Directory.Exists(folder) ? new TruthFiles(folder) : null;
    }

    /// <summary>Those of a list of dumps that have such files beside them; without any the test is skipped.</summary>
    internal static IReadOnlyList<(string Dump, TruthFiles Truth)> Require(IEnumerable<string> dumps)
    {
        var found = new List<(string Dump, TruthFiles Truth)>();
        foreach (string dump in dumps)
        {
            if (Find(dump) is { } truth)
            {
                found.Add((dump, truth));
            }
        }

        Assert.SkipWhen(found.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with a dump and what its guest said (RELEASE.truth)");
        return found;
    }

    /// <summary>A file's text; false when the guest's kernel had no such file.</summary>
    internal bool TryRead(string name, [NotNullWhen(true)] out string? text)
    {
        string path = Path.Combine(_folder, name);
        text = File.Exists(path) ? File.ReadAllText(path) : null;
        return text is not null;
    }

    /// <summary>A file's lines without those that are empty; none when the kernel had no such file.</summary>
    internal IReadOnlyList<string> Lines(string name) =>
        TryRead(name, out string? text) ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>The words of each line after the first ones, which are headings.</summary>
    internal IReadOnlyList<string[]> Rows(string name, int headings = 1) =>
        [.. Lines(name).Skip(headings).Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The values of a file of lines <c>Name: value</c> or <c>name value</c>, as meminfo, status and vmstat are.</summary>
    internal IReadOnlyDictionary<string, string> Fields(string name)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Lines(name))
        {
            int end = line.IndexOfAny([':', ' ', '\t']);
            if (end > 0)
            {
                fields[line[..end]] = line[(end + 1)..].Trim();
            }
        }

        return fields;
    }

    /// <summary>Where the links of a process lead, by <c>fd/3</c>, <c>cwd</c>, <c>exe</c>, <c>ns/net</c>.</summary>
    internal IReadOnlyDictionary<string, string> Links(int process)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Lines($"{process}/links"))
        {
            int arrow = line.IndexOf(" -> ", StringComparison.Ordinal);
            links[line[..arrow]] = line[(arrow + 4)..];
        }

        return links;
    }

    private static int Number(string name) => int.Parse(name, CultureInfo.InvariantCulture);

    private IEnumerable<string> Names(string folder)
    {
        string path = Path.Combine(_folder, folder);
        return Directory.Exists(path) ? Directory.GetDirectories(path).Select(name => Path.GetFileName(name)) : [];
    }
}
