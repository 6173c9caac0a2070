using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Output;

/// <summary>What a dump is, as text for a person.</summary>
internal static class InfoText
{
    public static void Write(InfoDocument info, TextWriter output)
    {
        foreach (string dump in info.Dumps)
        {
            output.WriteLine(dump);
        }

        output.WriteLine();
        Field("format", info.Format + (info.Incomplete ? ", INCOMPLETE: it was not written to its end" : ""));
        Field("level", info.DumpLevel is { } level ? $"{level}: {LevelText.LeftOutAt((DumpLevel)level)} left out" : null);
        string size = info.FileBytes is { } bytes ? $"{new ByteCount(bytes)} for " : "";
        Field("size", $"{size}{new ByteCount(info.RamBytes)} of RAM");
        Field("kernel", $"{info.System} {info.Release} {info.Machine}".Trim());
        Field("build", info.Version);
        Field("host", info.Host);
        Field("time", info.CrashTime?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Field("pages", $"{info.Pages.Total} of RAM");
        Count("present", info.Pages.Present);
        Count("zero", info.Pages.Zero);
        Count("left out", info.Pages.Excluded);
        Count("truncated", info.Pages.Truncated);
        foreach (string missing in info.Missing)
        {
            Field("missing", missing);
        }

        foreach (string diagnostic in info.Diagnostics)
        {
            output.WriteLine($"  note: {PlainText.Printable(diagnostic)}");
        }

        void Field(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                output.WriteLine($"  {name,-8}  {PlainText.Printable(value)}");
            }
        }

        void Count(string name, ulong pages)
        {
            if (pages > 0)
            {
                output.WriteLine($"    {name,-14} {pages,10}");
            }
        }
    }
}
