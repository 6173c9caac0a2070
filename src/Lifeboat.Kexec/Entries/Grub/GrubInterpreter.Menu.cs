using Lifeboat.Kexec.Entries.Loader;

namespace Lifeboat.Kexec.Entries.Grub;

/// <content>What fills the menu: kernels, entries, other files.</content>
internal sealed partial class GrubInterpreter
{
    private void LoadKernel(IReadOnlyList<GrubValue> words, GrubStatement statement)
    {
        if (words.Count == 0)
        {
            return;
        }

        var quoted = new List<GrubValue>();
        foreach (GrubValue word in words.Skip(1))
        {
            // As grub joins them: a word with a blank is quoted again for the kernel.
            quoted.Add(word.Text.Contains(' ', StringComparison.Ordinal)
                ? word with { Text = $"\"{word.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" }
                : word);
        }

        _state[GrubState.Kernel] = words[0];
        _state[GrubState.Arguments] = Joined(quoted);
        _state[GrubState.Ramdisks] = GrubValue.Empty;
        _state[GrubState.Line] = new GrubValue($"{statement.Line}");
        _state[GrubState.Device] = _state["root"];
    }

    private static GrubValue Lines(IReadOnlyList<GrubValue> words)
    {
        GrubValue joined = Joined(words);
        var lines = new List<string>();
        foreach (GrubValue word in words)
        {
            lines.Add(word.Text.Replace('\n', ' '));
        }

        return joined with { Text = string.Join('\n', lines) };
    }

    private void AddItem(GrubStatement statement, IReadOnlyList<GrubValue> words, bool isSubmenu)
    {
        string? id = null;
        var plain = new List<GrubValue>();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i].Text;
            if (word is "--id" or "--class" or "--users" or "--hotkey" or "--source" && i + 1 < words.Count)
            {
                i++;
                id = word == "--id" && words[i].IsKnown ? words[i].Text : id;
            }
            else if (word.StartsWith("--id=", StringComparison.Ordinal) && words[i].IsKnown)
            {
                id = word["--id=".Length..];
            }
            else if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                plain.Add(words[i]);
            }
        }

        if (plain.Count == 0 || statement.Body is null)
        {
            return;
        }

        Add(new GrubMenuItem(plain[0], id, _source, statement.Line)
        {
            Body = statement.Body,
            Arguments = [.. plain.Skip(1)],
            IsSubmenu = isSubmenu,
        });
    }

    private void Add(GrubMenuItem item)
    {
        _menu.Doubt ??= _doubt;
        if (++_entries <= EntryLimits.MaxEntries)
        {
            _menu.Items.Add(item);
        }
        else
        {
            _menu.Doubt ??= $"{_source}: more than {EntryLimits.MaxEntries} entries";
        }
    }

    private void AddEntryFiles(IReadOnlyList<GrubValue> words, GrubStatement statement)
    {
        GrubValue folder = _state["blsdir"] is { Text.Length: > 0 } set ? set : new GrubValue("/loader/entries");
        GrubValue device = _state["boot"] is { Text.Length: > 0 } boot ? boot : _state["root"];
        string? problem = folder.Doubt ?? device.Doubt ?? (words.Count > 0 ? "blscfg with arguments is not evaluated" : null);
        string? path = problem is null ? _files.Find(folder.Text, device.Text, out problem, out _) : null;
        if (path is null)
        {
            _menu.Doubt ??= $"{Place(statement)}: blscfg: {problem}";
            return;
        }

        var entries = new List<LoaderEntryFile>();
        foreach (string name in _tree.FileNames(path))
        {
            if (name.EndsWith(".conf", StringComparison.Ordinal) && LoaderEntryFile.TryRead(_tree, path, name) is { } entry)
            {
                entries.Add(entry);
            }
        }

        // The newest first, by the file's name taken apart as a package's.
        entries.Sort((one, other) => PackageVersion.Compare(
            Path.GetFileNameWithoutExtension(other.FileName), Path.GetFileNameWithoutExtension(one.FileName)));
        foreach (LoaderEntryFile entry in entries)
        {
            string id = Path.GetFileNameWithoutExtension(entry.FileName);
            Add(new GrubMenuItem(new GrubValue(entry.Title ?? id), id, entry.Path, entry.LinuxLine) { EntryFile = entry });
        }
    }

    private void Include(IReadOnlyList<GrubValue> words, GrubStatement statement)
    {
        if (words is not [{ } file])
        {
            return;
        }

        string? problem = file.Doubt;
        bool isMissing = false;
        string? path = problem is null ? _files.Find(file.Text, Device, out problem, out isMissing) : null;
        string? text = path is null ? null : _tree.TryReadShortText(path);
        if (text is null)
        {
            if (!isMissing)
            {
                StartsUnknown($"{Place(statement)}: {problem ?? $"{file.Text} cannot be read"}");
            }

            return;
        }

        string outer = _source;
        _source = path!;
        Run(GrubReader.Read(text, path!));
        _source = outer;
    }
}
