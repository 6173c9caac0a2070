namespace Lifeboat.Cli.Shell.Editing;

/// <summary>Lines entered earlier, kept in a file from one shell to the next.</summary>
internal sealed class LineHistory
{
    private const int Most = 1000;
    private const long MostBytes = 1 << 20;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string? _file;
    private readonly List<string> _lines = [];

    /// <summary>The lines of a file, and of those to come; null for a history that is not kept.</summary>
    public LineHistory(string? file)
    {
        _file = file;
        if (file is not null && new FileInfo(file) is { Exists: true, Length: < MostBytes })
        {
            try
            {
                _lines.AddRange(File.ReadAllLines(file));
                Shorten(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _file = null;
            }
        }
    }

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Where the history of this person is kept.</summary>
    public static string? DefaultFile()
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        string? home = Environment.GetEnvironmentVariable("HOME");
        return Path.IsPathRooted(state) ? Path.Combine(state, "lifeboat", "history")
            : Path.IsPathRooted(home) ? Path.Combine(home, ".local", "state", "lifeboat", "history") : null;
    }

    /// <summary>Adds a line; not one that is empty, begins with a blank, or is the last one again.</summary>
    public void Add(string line)
    {
        if (line.Length == 0 || line[0] == ' ' || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_file is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            using var stream = new FileStream(
                _file, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = Private });
            using var writer = new StreamWriter(stream);
            writer.Write(line + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A history that cannot be kept is no reason to stop.
            return;
        }
    }

    /// <summary>The last line before a place that has a text in it; -1 for none.</summary>
    public int FindBefore(int place, string text)
    {
        for (int i = Math.Min(place, _lines.Count) - 1; i >= 0; i--)
        {
            if (_lines[i].Contains(text, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private void Shorten(string file)
    {
        if (_lines.Count > Most)
        {
            _lines.RemoveRange(0, _lines.Count - Most);
            File.WriteAllLines(file, _lines);
        }
    }
}
