using System.Text;

namespace Lifeboat.Capture.Modules;

/// <summary>The text indexes that the kernel's build and depmod leave beside the modules (modules.dep(5)).</summary>
internal sealed record ModuleIndex
{
    // depmod's largest index, modules.alias, has 1.5 MiB for a distribution's kernel.
    private const long MaxIndexBytes = 64 << 20;

    /// <summary>modules.dep: the paths of what each module depends on; null where depmod did not run.</summary>
    internal Dictionary<ModuleName, IReadOnlyList<string>>? Dependencies { get; private init; }

    /// <summary>The paths of modules, as modules.dep has them.</summary>
    internal IReadOnlyList<string> Paths { get; private init; } = [];

    /// <summary>modules.softdep; null where depmod did not run.</summary>
    internal Dictionary<ModuleName, (List<string> Before, List<string> After)>? SoftDependencies { get; private init; }

    /// <summary>modules.alias without its patterns; null where depmod did not run.</summary>
    internal Dictionary<string, List<ModuleName>>? Aliases { get; private init; }

    /// <summary>modules.builtin.</summary>
    internal HashSet<ModuleName> BuiltIn { get; private init; } = [];

    /// <summary>The aliases in modules.builtin.modinfo.</summary>
    internal HashSet<string> BuiltInAliases { get; private init; } = [];

    internal static ModuleIndex Read(string directory)
    {
        string? dependencies = ReadText(directory, "modules.dep");
        string? soft = ReadText(directory, "modules.softdep");
        string? aliases = ReadText(directory, "modules.alias");
        List<string> paths = [];
        return new ModuleIndex
        {
            Dependencies = dependencies is null ? null : ParseDependencies(dependencies, paths),
            Paths = paths,
            SoftDependencies = soft is null ? null : ParseSoftDependencies(soft),
            Aliases = aliases is null ? null : ParseAliases(aliases),
            BuiltIn = ParseBuiltIn(ReadText(directory, "modules.builtin") ?? ""),
            BuiltInAliases = ParseBuiltInAliases(ReadText(directory, "modules.builtin.modinfo") ?? ""),
        };
    }

    /// <summary>Lines <c>path: path path</c>.</summary>
    internal static Dictionary<ModuleName, IReadOnlyList<string>> ParseDependencies(string text, List<string> paths)
    {
        var table = new Dictionary<ModuleName, IReadOnlyList<string>>();
        foreach (string line in Lines(text))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);

            // A path that leads out of the folder is none of depmod's.
            if (colon > 0 && ModuleName.TryFromPath(line[..colon], out ModuleName? name)
                && line[0] != '/' && !line.Contains("..", StringComparison.Ordinal) && !line.Contains('\0'))
            {
                paths.Add(line[..colon]);
                table[name] = Words(line[(colon + 1)..]);
            }
        }

        return table;
    }

    /// <summary>Lines <c>softdep name pre: a b post: c</c>.</summary>
    internal static Dictionary<ModuleName, (List<string> Before, List<string> After)> ParseSoftDependencies(string text)
    {
        var table = new Dictionary<ModuleName, (List<string> Before, List<string> After)>();
        foreach (string line in Lines(text))
        {
            string[] words = Words(line);
            if (words.Length > 2 && words[0] == "softdep" && !words.Any(word => word.Contains('/')))
            {
                var name = new ModuleName(words[1]);
                if (!table.TryGetValue(name, out (List<string> Before, List<string> After) soft))
                {
                    table[name] = soft = ([], []);
                }

                ModuleInfo.ReadSoftDependencies(words.Skip(2), soft.Before, soft.After);
            }
        }

        return table;
    }

    /// <summary>Lines <c>alias pattern name</c>; patterns with wildcards are for devices and of no use here.</summary>
    internal static Dictionary<string, List<ModuleName>> ParseAliases(string text)
    {
        var table = new Dictionary<string, List<ModuleName>>(StringComparer.Ordinal);
        foreach (string line in Lines(text))
        {
            string[] words = Words(line);
            if (words is ["alias", var alias, var name] && alias.AsSpan().IndexOfAny("*?[") < 0 && !name.Contains('/'))
            {
                if (!table.TryGetValue(alias, out List<ModuleName>? names))
                {
                    table[alias] = names = [];
                }

                names.Add(new ModuleName(name));
            }
        }

        return table;
    }

    /// <summary>Lines with the path that a module would have.</summary>
    internal static HashSet<ModuleName> ParseBuiltIn(string text) =>
        [.. Lines(text).Select(line => ModuleName.TryFromPath(line, out ModuleName? name) ? name : null).OfType<ModuleName>()];

    /// <summary>Strings <c>module.alias=name</c>, each with a NUL.</summary>
    internal static HashSet<string> ParseBuiltInAliases(string text)
    {
        const string Key = ".alias=";
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        foreach (string entry in text.Split('\0'))
        {
            int key = entry.IndexOf(Key, StringComparison.Ordinal);
            if (key > 0)
            {
                aliases.Add(entry[(key + Key.Length)..]);
            }
        }

        return aliases;
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#');

    private static string[] Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string? ReadText(string directory, string name)
    {
        var file = new FileInfo(Path.Combine(directory, name));
        return file.Exists && file.Length <= MaxIndexBytes ? File.ReadAllText(file.FullName, Encoding.UTF8) : null;
    }
}
