using Lifeboat.Kernel.Erasing;

namespace Lifeboat.Capture.Settings;

/// <content>What is not to be in a dump.</content>
public static partial class SettingDirectives
{
    private static SettingDirective Erase() => new(
        "erase",
        static (settings, value) => settings.Erase.With(value) is { } lines ? settings with { Erase = lines } : null,
        static settings => settings.Erase.Lines is [{ } first, ..] ? first : null)
    {
        Accepted = $"none, {EraseSets.Keys}, {EraseSets.User}, {string.Join(", ", EraseSets.Names)}, symbol ... or type ... (lifeboat filter --help describes them)",
        Meaning = "what is overwritten in the dump; the log and the report are not",
        Unset = $"{EraseSets.Keys}; nothing with seal_to",
        IsRepeatable = true,
        WriteEach = static settings => settings.Erase.Lines,
    };
}
