using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Loader;

/// <summary>An entry file of the Boot Loader Specification (type 1): lines of a key and a value.</summary>
internal sealed class LoaderEntryFile
{
    private const int MaxRamdisks = 64;
    private readonly List<string> _ramdisks = [];

    private LoaderEntryFile(string folder, string fileName)
    {
        Path = $"{folder}/{fileName}";
        FileName = fileName;
    }

    internal string Path { get; }

    internal string FileName { get; }

    internal string? Title { get; private set; }

    internal string? Version { get; private set; }

    internal string? MachineId { get; private set; }

    internal string? SortKey { get; private set; }

    internal string? Architecture { get; private set; }

    internal string? Linux { get; private set; }

    /// <summary>A program of the firmware; a unified kernel image is one.</summary>
    internal string? Efi { get; private set; }

    internal string? DeviceTree { get; private set; }

    /// <summary>All <c>options</c> lines, joined; null when there is none.</summary>
    internal string? Options { get; private set; }

    internal IReadOnlyList<string> Ramdisks => _ramdisks;

    /// <summary>The line that names the kernel; 1 when none does.</summary>
    internal int LinuxLine { get; private set; } = 1;

    /// <summary>Reads one; null when it cannot be read.</summary>
    internal static LoaderEntryFile? TryRead(SystemTree tree, string folder, string fileName)
    {
        if (tree.TryReadShortText($"{folder}/{fileName}") is not { } text)
        {
            return null;
        }

        var entry = new LoaderEntryFile(folder, fileName);
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            int blank = line.AsSpan().IndexOfAny(' ', '\t');
            if (blank > 0 && line[0] != '#')
            {
                entry.Set(line[..blank], line[blank..].Trim(), i + 1);
            }
        }

        return entry;
    }

    private void Set(string key, string value, int line)
    {
        switch (key)
        {
            case "title":
                Title = value;
                break;
            case "version":
                Version = value;
                break;
            case "machine-id":
                MachineId = value;
                break;
            case "sort-key":
                SortKey = value;
                break;
            case "architecture":
                Architecture = value;
                break;
            case "linux":
                (Linux, LinuxLine) = (value, line);
                break;
            case "efi" or "uki":
                (Efi, LinuxLine) = (value, line);
                break;
            case "initrd" when _ramdisks.Count < MaxRamdisks:
                _ramdisks.Add(value);
                break;
            case "options":
                Options = Options is null ? value : $"{Options} {value}";
                break;
            case "devicetree" or "devicetree-overlay":
                DeviceTree = value;
                break;
        }
    }
}
