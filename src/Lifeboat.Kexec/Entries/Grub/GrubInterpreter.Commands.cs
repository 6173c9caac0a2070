namespace Lifeboat.Kexec.Entries.Grub;

/// <content>What single commands do.</content>
internal sealed partial class GrubInterpreter
{
    private const string OptionWithValue = "--set";

    private void RunCommand(GrubStatement statement)
    {
        List<GrubValue> words = Expand(statement.Words);
        if (words.Count == 0)
        {
            return;
        }

        if (words[0].Doubt is { } unknown)
        {
            StartsUnknown($"{Place(statement)}: the command's name is not known: {unknown}");
            return;
        }

        string name = words[0].Text;
        IReadOnlyList<GrubValue> rest = [.. words.Skip(1)];
        switch (name)
        {
            case "set" or "export" when rest.Count > 0 && rest[0].Text.Contains('=', StringComparison.Ordinal):
                Assign(rest[0], name == "export");
                break;
            case "export":
                foreach (GrubValue variable in rest)
                {
                    _state.Export(variable.Text);
                }

                break;
            case "unset":
                foreach (GrubValue variable in rest)
                {
                    _state.Remove(variable.Text);
                }

                break;
            case "load_env":
                LoadEnvironment(rest, statement);
                break;
            case "search" or "search.fs_uuid" or "search.fs_label" or "search.file":
                Search(name, rest, statement);
                break;
            case "linux" or "linux16" or "linuxefi":
                LoadKernel(rest, statement);
                break;
            case "initrd" or "initrd16" or "initrdefi":
                _state[GrubState.Ramdisks] = Lines(rest);
                break;
            case "menuentry" or "submenu":
                AddItem(statement, rest, isSubmenu: name == "submenu");
                break;
            case "blscfg":
                AddEntryFiles(rest, statement);
                break;
            case "source" or ".":
                Include(rest, statement);
                break;
            case "chainloader":
                _state[GrubState.Chain] = rest.Count > 0 ? rest[^1] : GrubValue.Empty;
                _state[GrubState.Line] = new GrubValue($"{statement.Line}");
                break;
            case "multiboot" or "multiboot2" or "module" or "module2" or "xen_hypervisor" or "xen_module" or "kfreebsd" or "devicetree"
                or "eval" or "configfile" or "normal" or "return" or "break" or "continue" or "extract_entries_source"
                or "extract_entries_configfile" or "legacy_configfile" or "legacy_source" or "syslinux_configfile" or "uki":
                StartsUnknown($"{Place(statement)}: the command '{name}' is not evaluated");
                break;
            case "increment" or "decrement" or "read" or "getenv":
                foreach (GrubValue variable in rest)
                {
                    Doubt(variable.Text, $"{Place(statement)}: the command '{name}' is not evaluated");
                }

                break;
            case "shift" or "setparams":
                Doubt("1", $"{Place(statement)}: the command '{name}' is not evaluated");
                break;
            default:
                RunOther(name, words, rest, statement);
                break;
        }
    }

    private void RunOther(string name, List<GrubValue> words, IReadOnlyList<GrubValue> rest, GrubStatement statement)
    {
        if (_functions.TryGetValue(name, out IReadOnlyList<GrubStatement>? body))
        {
            Call(body, rest);
            return;
        }

        int equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            Assign(words[0], exported: false);
            return;
        }

        // A command that is not known here matters only by the variable that it is told to set.
        for (int i = 0; i < rest.Count; i++)
        {
            string option = rest[i].Text;
            string? variable = option.StartsWith(OptionWithValue + "=", StringComparison.Ordinal) ? option[(OptionWithValue.Length + 1)..]
                : option is OptionWithValue or "-s" && i + 1 < rest.Count ? rest[i + 1].Text : null;
            if (variable is not null)
            {
                // regexp --set=1:name
                Doubt(variable[(variable.IndexOf(':', StringComparison.Ordinal) + 1)..],
                    $"{Place(statement)}: what '{name}' finds, only grub knows");
            }
        }
    }

    private void Call(IReadOnlyList<GrubStatement> body, IReadOnlyList<GrubValue> arguments)
    {
        string[] names = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "#", "@", "*"];
        GrubValue[] outer = [.. names.Select(name => _state[name])];
        SetArguments(arguments);
        Run(body);
        for (int i = 0; i < names.Length; i++)
        {
            _state[names[i]] = outer[i];
        }
    }

    private void Assign(GrubValue word, bool exported)
    {
        int equals = word.Text.IndexOf('=', StringComparison.Ordinal);
        string name = word.Text[..equals];
        _state[name] = word with { Text = word.Text[(equals + 1)..] };
        if (exported)
        {
            _state.Export(name);
        }
    }

    private void Doubt(string variable, string doubt) => _state[variable] = new GrubValue($"${{{variable}}}", doubt);

    /// <summary>Something starts, or changes what starts, in a way that is not evaluated.</summary>
    private void StartsUnknown(string doubt)
    {
        if (_state[GrubState.Unclear].IsKnown)
        {
            Doubt(GrubState.Unclear, doubt);
        }

        Doubt("default", doubt);
        _menu.Doubt ??= doubt;
    }

    private void LoadEnvironment(IReadOnlyList<GrubValue> words, GrubStatement statement)
    {
        GrubValue file = new($"{_folder}/grubenv");
        bool isNamed = false;
        var only = new List<string>();
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i].Text is "-f" or "--file" && i + 1 < words.Count)
            {
                file = words[++i];
                isNamed = true;
            }
            else if (words[i].Text.StartsWith("--file=", StringComparison.Ordinal))
            {
                file = words[i] with { Text = words[i].Text["--file=".Length..] };
                isNamed = true;
            }
            else if (!words[i].Text.StartsWith('-'))
            {
                only.Add(words[i].Text);
            }
        }

        string? problem = file.Doubt;
        string? path = problem is not null ? null
            : !isNamed ? file.Text
            : _files.Find(file.Text, Device, out problem, out _);
        if (path is null || _tree.TryReadShortText(path) is not { } text || GrubEnvironment.TryParse(text) is not { } variables)
        {
            if (path is null || _tree.FileExists(path))
            {
                // On filesystems that grub cannot write, the block lies outside of all files (env_block).
                foreach (string name in (string[])["saved_entry", "next_entry", "prev_saved_entry", "kernelopts"])
                {
                    Doubt(name, $"{Place(statement)}: the environment block cannot be read: {problem ?? "it is malformed"}");
                }
            }

            return;
        }

        foreach (string name in variables.Keys)
        {
            if (only.Count == 0 || only.Contains(name))
            {
                _state[name] = new GrubValue(variables[name]);
            }
        }
    }

    private void Search(string command, IReadOnlyList<GrubValue> words, GrubStatement statement)
    {
        string kind = command switch { "search.fs_uuid" => "-u", "search.fs_label" => "-l", "search.file" => "-f", _ => "" };
        string variable = "root";
        GrubValue? wanted = null;
        bool isShort = kind.Length > 0;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i].Text;
            if (isShort && wanted is not null)
            {
                // search.fs_uuid UUID VARIABLE HINTS
                variable = word;
                break;
            }

            switch (word)
            {
                case "--fs-uuid" or "-u":
                    kind = "-u";
                    break;
                case "--label" or "-l":
                    kind = "-l";
                    break;
                case "--file" or "-f":
                    kind = "-f";
                    break;
                case "--set" or "-s" when i + 1 < words.Count:
                    variable = words[++i].Text;
                    break;
                case "--hint" or "-h":
                    i++;
                    break;
                case { } when word.StartsWith("--set=", StringComparison.Ordinal):
                    variable = word["--set=".Length..];
                    break;
                case { } when !word.StartsWith('-'):
                    wanted ??= words[i];
                    break;
            }
        }

        string? found = wanted is not { IsKnown: true } ? null : kind switch
        {
            "-u" => GrubFiles.ByUuid + wanted.Text,
            "-l" => GrubFiles.ByLabel + wanted.Text,
            "-f" => _files.DeviceOfFile(wanted.Text),
            _ => null,
        };
        if (found is null)
        {
            Doubt(variable, $"{Place(statement)}: {wanted?.Doubt ?? "what search finds, only grub knows"}");
        }
        else
        {
            _state[variable] = new GrubValue(found);
        }
    }
}
