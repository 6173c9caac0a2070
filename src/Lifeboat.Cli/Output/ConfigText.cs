using System.Globalization;
using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Cli.Output;

/// <summary>Prints what <c>lifeboat config</c> says of a settings file.</summary>
internal static class ConfigText
{
    /// <summary>Prints every setting: name, value, where it comes from, what it means.</summary>
    public static void WriteSettings(ConfigDocument document, TextWriter output)
    {
        int name = 0;
        int value = 0;
        foreach (ConfigSetting setting in document.Settings!)
        {
            name = Math.Max(name, setting.Name.Length);
            value = Math.Max(value, setting.Value.Length);
        }

        foreach (ConfigSetting setting in document.Settings)
        {
            string source = setting.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line}") : "default";
            output.WriteLine($"{setting.Name.PadRight(name)}  {setting.Value.PadRight(value)}  {source,-9}  {setting.Meaning}");
        }
    }

    /// <summary>Prints what was found, a line's number first as compilers do, and how much it was.</summary>
    public static void WriteFindings(ConfigDocument document, TextWriter output, Paint paint)
    {
        int errors = 0;
        foreach (ConfigFinding finding in document.Findings!)
        {
            errors += finding.IsError ? 1 : 0;
            string place = finding.Where ?? document.Path;
            output.WriteLine($"{place}: {(finding.IsError ? paint.Bad("error") : "warning")}: {PlainText.Printable(finding.What)} ({finding.Id})");
            WritePart("found", finding.Found, output);
            WritePart("expected", finding.Expected, output);
            WritePart("remedy", finding.Remedy, output);
        }

        output.WriteLine(document.Findings.Count == 0
            ? $"{document.Path}: all is well"
            : $"{document.Path}: {Counted(errors, "error")}, {Counted(document.Findings.Count - errors, "warning")}");
    }

    private static void WritePart(string name, string? text, TextWriter output)
    {
        if (text is not null)
        {
            output.WriteLine($"    {name,-8}  {PlainText.Printable(text)}");
        }
    }

    private static string Counted(int number, string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {word}{(number == 1 ? "" : "s")}");
}
