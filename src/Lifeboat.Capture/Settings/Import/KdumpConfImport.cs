namespace Lifeboat.Capture.Settings.Import;

/// <summary>Reads kdump.conf (kdump.conf(5) of kdump-utils 1.0.61, and its older directives).</summary>
internal static class KdumpConfImport
{
    private const string ToRootFileSystem = "dump_to_rootfs";

    /// <summary>How many of a file's lines are directives of kdump.conf.</summary>
    internal static int Score(string text)
    {
        int score = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            score += CaptureSettingsParser.TrySplit(line, out string name, out string value)
                && value.Length > 0 && value[0] != '=' && SettingDirectives.Find(name) is not null ? 1 : 0;
        }

        return score;
    }

    internal static void Read(string text, ImportBuilder builder)
    {
        List<ForeignSetting> settings = Split(text);
        bool hasTarget = settings.Exists(static setting => SettingDirectives.Find(setting.Name)?.Group == SettingDirectives.TargetGroup);
        ForeignSetting? lastResort = null;
        foreach (ForeignSetting setting in settings)
        {
            if (setting.Name is "failure_action" or "default" && setting.Value == ToRootFileSystem)
            {
                lastResort = setting;
            }
            else if (setting.Name == "path")
            {
                // Without a target it is a folder of the running system.
                string path = setting.Value.StartsWith('/') ? setting.Value : "/" + setting.Value;
                ForeignWords.CarryFolder(setting, hasTarget ? "path" : SettingDirectives.Local, path, builder);
            }
            else
            {
                Apply(setting, builder);
            }
        }

        // The folder of the root filesystem is tried when the other targets have failed: it is the last of them.
        if (lastResort is not null && (hasTarget || builder.Settings.Targets.Count == 0))
        {
            builder.Carry(lastResort, SettingDirectives.Local, builder.Settings.Path);
        }
    }

    private static List<ForeignSetting> Split(string text)
    {
        var settings = new List<ForeignSetting>();
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (CaptureSettingsParser.TrySplit(line, out string name, out string value))
            {
                settings.Add(new ForeignSetting(number, name, value, ' '));
            }
        }

        return settings;
    }

    private static void Apply(ForeignSetting setting, ImportBuilder builder)
    {
        SettingDirective? directive = SettingDirectives.Find(setting.Name);
        if (directive is null)
        {
            builder.Lose(setting, "no directive of kdump.conf");
        }
        else if (setting.Name == "core_collector")
        {
            ImportCollector(setting, builder);
        }
        else if (directive.Instead is { } instead)
        {
            string reason = char.ToLowerInvariant(instead[0]) + instead[1..];
            if (directive.IsHarmless)
            {
                builder.Leave(setting, reason);
            }
            else
            {
                builder.Lose(setting, directive.Group == SettingDirectives.TargetGroup ? "no target of this kind: " + reason : reason);
            }
        }
        else if (directive.LinesFor(setting.Value) is { } lines)
        {
            foreach ((string Name, string Value) line in lines)
            {
                builder.Carry(setting, line.Name, line.Value);
            }
        }
        else if (directive.Group == SettingDirectives.TargetGroup && setting.Name is not ("raw" or "ssh"))
        {
            ForeignWords.CarryTarget(setting, directive.Name, setting.Value, builder);
        }
        else
        {
            builder.Carry(setting, directive.Name, setting.Value);
        }
    }

    private static void ImportCollector(ForeignSetting setting, ImportBuilder builder)
    {
        string[] words = ForeignWords.Split(setting.Value.Replace("\"", "", StringComparison.Ordinal));
        switch (words.Length == 0 ? "" : ForeignWords.ProgramOf(words[0]))
        {
            case "makedumpfile":
                MakedumpfileWords.Import(words[1..], setting, isWhole: true, builder);
                break;
            case "cp" or "cat" or "dd" or "scp":
                builder.Carry(setting, "dump_level", "0");
                builder.Carry(setting, "compression", "none");
                builder.Lose(setting, $"{ForeignWords.ProgramOf(words[0])} makes an ELF file; lifeboat filter --format elf makes one of the dump");
                break;
            default:
                builder.Lose(setting, "the dump is saved by lifeboat itself; kdump_pre and kdump_post run programs before and after it");
                break;
        }
    }
}
