namespace Lifeboat.Capture.Settings.Import;

/// <summary>The options of a makedumpfile command, as <c>dump_level</c>, <c>compression</c> and <c>threads</c>.</summary>
internal static class MakedumpfileWords
{
    /// <summary>Imports options.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <param name="setting">The setting that has them.</param>
    /// <param name="isWhole">Whether these are all options: without a codec makedumpfile packs nothing, without -d it keeps every page.</param>
    /// <param name="builder">Takes what comes of them.</param>
    internal static void Import(IReadOnlyList<string> words, ForeignSetting setting, bool isWhole, ImportBuilder builder)
    {
        var options = MakedumpfileOptions.Parse(words);
        string? levels = options.Level ?? (isWhole ? "0" : null);
        if (levels is not null)
        {
            string[] each = levels.Split(',');
            builder.Carry(setting, "dump_level", each[0]);
            if (each.Length > 1)
            {
                builder.Leave(setting, $"-d {SettingText.Shown(levels)}: the first level; a target that is full raises it by itself (on_full)");
            }
        }

        if ((options.Compression ?? (isWhole ? "none" : null)) is { } compression)
        {
            builder.Carry(setting, "compression", compression);
        }

        if (options.Threads is { } threads and not "0")
        {
            builder.Carry(setting, "threads", threads);
        }

        if (options.IsElf)
        {
            builder.Lose(setting, "-E: the dump is kdump-compressed; lifeboat filter --format elf makes an ELF file of it");
        }

        if (options.Unknown.Count > 0)
        {
            builder.Lose(setting, $"{Listed(options.Unknown)}: a capture does no such thing");
        }

        if (options.NotNeeded.Count > 0)
        {
            builder.Leave(setting, $"{Listed(options.NotNeeded)}: not needed here");
        }
    }

    private static string Listed(IReadOnlyList<string> words) => SettingText.Shown(string.Join(", ", words));
}
