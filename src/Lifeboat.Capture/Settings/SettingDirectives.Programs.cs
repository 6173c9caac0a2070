using Lifeboat.Capture.Modules;

namespace Lifeboat.Capture.Settings;

/// <content>Programs and modules of this machine that go into the ramdisk.</content>
public static partial class SettingDirectives
{
    private const int MostWords = 100;
    private const string Program = "the absolute path of a program of this machine";

    private static IEnumerable<SettingDirective> Programs() =>
    [
        new(
            "kdump_pre",
            static (settings, value) => IsProgram(value) ? With(settings, settings.Programs with { BeforeDump = value }) : null,
            static settings => settings.Programs.BeforeDump)
        {
            Accepted = Program,
            Meaning = "a program to run before the dump, after log and report; when it ends with another code than 0 there is no dump",
            Unset = "none",
        },
        new(
            "kdump_post",
            static (settings, value) => IsProgram(value) ? With(settings, settings.Programs with { AtEnd = value }) : null,
            static settings => settings.Programs.AtEnd)
        {
            Accepted = Program,
            Meaning = "a program to run at the end, with the argument 0 when everything was saved and 1 when not",
            Unset = "none",
        },
        new(
            "hook_timeout",
            static (settings, value) => Number(value, 1, MostSeconds) is { } number
                ? With(settings, settings.Programs with { TimeForEach = TimeSpan.FromSeconds(number) }) : null,
            static settings => Seconds(settings.Programs.TimeForEach))
        {
            Accepted = "seconds, 1 to 86400",
            Meaning = "how long kdump_pre and kdump_post may each take; then they are stopped",
        },
        new(
            "extra_bins",
            static (settings, value) => Words(value, IsProgram) is { } words
                ? With(settings, settings.Programs with { Extra = words }) : null,
            static settings => settings.Programs.Extra)
        {
            Accepted = "absolute paths of programs of this machine, separated by blanks",
            Meaning = "more programs for the ramdisk, each with the libraries that it needs; hooks can call them",
            Unset = "none",
        },
        new(
            "extra_modules",
            static (settings, value) => Words(value, static word => ModuleName.TryFromPath(word + ".ko", out _)) is { } words
                ? With(settings, settings.Programs with { ExtraModules = words }) : null,
            static settings => settings.Programs.ExtraModules)
        {
            Accepted = "names of modules, separated by blanks",
            Meaning = "more modules for the ramdisk; what they depend on comes by itself",
            Unset = "none",
        },
        new(
            "options",
            static (settings, value) => value.IndexOf(' ') is > 0 and var end && !value[..end].Contains('/')
                ? With(settings, settings.Programs with { ModuleOptions = settings.Programs.ModuleOptions is { } lines ? $"{lines}\n{value}" : value })
                : null,
            static settings => settings.Programs.ModuleOptionLines is [{ } first, ..] ? first : null)
        {
            Accepted = "a module's name and parameters",
            Meaning = "parameters for a module in the capture kernel, behind those that this machine gives it (modprobe.d)",
            Unset = "none",
            IsRepeatable = true,
            WriteEach = static settings => settings.Programs.ModuleOptionLines,
        },
        new(
            "shell",
            static (settings, value) => IsProgram(value) ? With(settings, settings.Programs with { Shell = value }) : null,
            static settings => settings.Programs.Shell)
        {
            Accepted = Program,
            Meaning = "the shell of failure_action shell; with another action it is not in the ramdisk",
        },
    ];

    private static CaptureSettings With(CaptureSettings settings, CapturePrograms programs) => settings with { Programs = programs };

    private static bool IsProgram(string value) => IsPath(value) && value.Length > 1 && value[^1] != '/' && !value.Contains(' ');

    private static string? Words(string value, Predicate<string> isGood)
    {
        string[] words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length is > 0 and <= MostWords && Array.TrueForAll(words, isGood) ? string.Join(' ', words) : null;
    }
}
