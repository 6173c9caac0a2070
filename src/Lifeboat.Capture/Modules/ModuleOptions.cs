namespace Lifeboat.Capture.Modules;

/// <summary>The parameters that a machine gives its modules: the <c>options</c> lines of modprobe.d.</summary>
/// <remarks>Source: modprobe.d(5).</remarks>
public sealed class ModuleOptions
{
    private const string Directive = "options";

    // By their precedence: a file hides those of its name in the folders after its own.
    private static readonly string[] Folders =
        ["etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d"];

    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    private ModuleOptions()
    {
    }

    /// <summary>Reads the files of a machine, in the order of their names whichever folder they are in.</summary>
    /// <param name="root">Where the machine's files are; null for no machine.</param>
    /// <param name="more">What comes behind them, <c>MODULE PARAMETERS</c> each.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read a file.</exception>
    public static ModuleOptions Read(string? root, IReadOnlyList<string> more)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string folder in root is null ? [] : Folders)
        {
            string path = Path.Combine(root!, folder);
            foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path, "*.conf") : [])
            {
                files.TryAdd(Path.GetFileName(file), file);
            }
        }

        var options = new ModuleOptions();
        foreach (string file in files.Values)
        {
            options.AddFile(File.ReadAllText(file));
        }

        foreach (string line in more)
        {
            options.Add($"{Directive} {line}");
        }

        return options;
    }

    /// <summary>The parameters of a module as the kernel takes them, <c>timeout=10 debug=1</c>; empty when it has none.</summary>
    public string For(ModuleName module) => _parameters.GetValueOrDefault(module.Value, "");

    private void AddFile(string text)
    {
        foreach (string line in text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
        {
            Add(line);
        }
    }

    private void Add(string line)
    {
        if (line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries) is [Directive, { } name, { } parameters] && !name.Contains('/'))
        {
            string module = new ModuleName(name).Value;
            _parameters[module] = _parameters.TryGetValue(module, out string? earlier) ? $"{earlier} {parameters.Trim()}" : parameters.Trim();
        }
    }
}
