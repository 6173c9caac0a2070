namespace Lifeboat.Capture.Settings.Import;

/// <summary>Goes through a shell-like file of settings: of several assignments to a name the last one counts.</summary>
internal static class ShellSettings
{
    /// <summary>How many of the assignments are to names of these rules or of these other names.</summary>
    internal static int Score(IReadOnlyList<ShellStatement> statements, ForeignRule[] rules, string[] others)
    {
        int score = 0;
        foreach (ShellStatement statement in statements)
        {
            score += Array.IndexOf(others, statement.Setting.Name) >= 0 || RuleOf(rules, statement.Setting.Name) is not null ? 1 : 0;
        }

        return score;
    }

    /// <summary>What a file says of a name; null when it says nothing that can be read.</summary>
    internal static string? Find(IReadOnlyList<ShellStatement> statements, string name)
    {
        string? value = null;
        foreach (ShellStatement statement in statements)
        {
            if (statement.Setting.Name == name)
            {
                value = statement.Refusal is null ? statement.Setting.Value : null;
            }
        }

        return value;
    }

    /// <summary>Imports a file.</summary>
    /// <param name="statements">What the file says.</param>
    /// <param name="rules">Settings that become no line.</param>
    /// <param name="import">Takes the others; false when it does not know one.</param>
    /// <param name="builder">Takes what comes of them.</param>
    internal static void Read(
        IReadOnlyList<ShellStatement> statements, ForeignRule[] rules, Func<ForeignSetting, bool> import, ImportBuilder builder)
    {
        var last = new Dictionary<string, ShellStatement>(StringComparer.Ordinal);
        foreach (ShellStatement statement in statements)
        {
            last[statement.Setting.Name] = statement;
        }

        foreach (ShellStatement statement in statements)
        {
            ForeignSetting setting = statement.Setting;
            if (statement.Refusal is { } refusal)
            {
                builder.Lose(setting, refusal);
            }
            else if (last[setting.Name] != statement)
            {
                builder.Leave(setting, "assigned again further down");
            }
            else if (setting.Value.Length == 0)
            {
                // Not set, as these files say it.
            }
            else if (RuleOf(rules, setting.Name) is { } rule)
            {
                rule.Apply(setting, builder);
            }
            else if (!import(setting))
            {
                builder.Lose(setting, "not a setting of that program that is known here");
            }
        }
    }

    private static ForeignRule? RuleOf(ForeignRule[] rules, string name) => Array.Find(rules, rule => rule.Name == name);
}
