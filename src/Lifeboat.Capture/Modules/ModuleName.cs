using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Capture.Modules;

/// <summary>The name of a kernel module; <c>-</c> and <c>_</c> are the same in it.</summary>
public sealed record ModuleName
{
    private static readonly string[] Suffixes = [".ko", ".ko.xz", ".ko.zst", ".ko.gz"];

    /// <summary>A module's name, spelled either way.</summary>
    /// <exception cref="ArgumentException">It is empty or has a slash.</exception>
    public ModuleName(string name)
    {
        if (name.Length == 0 || name.Contains('/'))
        {
            throw new ArgumentException($"'{name}' is no name of a module", nameof(name));
        }

        Value = name.Replace('-', '_');
    }

    /// <summary>The name with underscores, as the kernel prints it.</summary>
    public string Value { get; }

    /// <summary>The module's name from the path of its file; false when the file is no module.</summary>
    public static bool TryFromPath(string path, [NotNullWhen(true)] out ModuleName? name)
    {
        string file = path[(path.LastIndexOf('/') + 1)..];
        foreach (string suffix in Suffixes)
        {
            if (file.Length > suffix.Length && file.EndsWith(suffix, StringComparison.Ordinal))
            {
                name = new ModuleName(file[..^suffix.Length]);
                return true;
            }
        }

        name = null;
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
