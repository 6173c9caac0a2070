using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Output;

/// <summary>How large a dump would be, as text for a person: the levels, the classes, the disk.</summary>
internal static class EstimateText
{
    public static void Write(EstimateDocument estimate, TextWriter output)
    {
        string live = estimate.Live ? ", the memory of this machine as it runs" : "";
        output.WriteLine($"{string.Join(' ', estimate.Dumps)}: {new ByteCount(estimate.RamBytes)} of RAM{live}");
        if (estimate.Filter is { } filter)
        {
            WriteFilter(filter, estimate, output);
        }

        output.WriteLine();
        WriteLevels(estimate, output);
        output.WriteLine();
        WriteClasses(estimate, output);
        output.WriteLine();
        if (estimate.Filter is null)
        {
            output.WriteLine(
                "  disk      what the target should have free: a quarter more, as memory changes until a crash;");
            output.WriteLine($"            {new ByteCount(estimate.LargestBytes)} hold any dump of this memory");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  packing   {estimate.Compression}; all pages were counted, a sample of each class packed, in {estimate.Seconds:0.0} s"));
        foreach (string notice in estimate.Notices)
        {
            output.WriteLine($"  note: {PlainText.Printable(notice)}");
        }
    }

    private static void WriteFilter(EstimateOfFilter filter, EstimateDocument estimate, TextWriter output)
    {
        var size = new ByteCount(filter.FileBytes);
        string files = filter.Files.Count == 0 ? "the dump" : string.Join(' ', filter.Files);
        string parts = filter.Files.Count > 1 ? " together" : "";
        output.WriteLine(
            $"Nothing is written: {files} would have {size}{parts} at level {filter.DumpLevel}, {filter.Format}, {estimate.Compression}");
        if (filter.MaxBytes is { } most)
        {
            string next = filter.RaisedTo is { } level ? $": it would be written at level {level}" : "";
            output.WriteLine($"  limit     {new ByteCount(most)}{(filter.Files.Count > 1 ? " a file" : "")}, which it {(filter.Fits == true ? "fits" : $"does not fit{next}")}");
        }

        PageCountsText.Write(filter.Pages, output);
    }

    private static void WriteLevels(EstimateDocument estimate, TextWriter output)
    {
        bool hasDisk = estimate.Filter is null;
        output.WriteLine($"  level  {"left out",-38} {"size",10} {"of RAM",8}{(hasDisk ? $" {"disk",10}" : "")}");
        ulong most = 1;
        foreach (EstimatedLevel level in estimate.Levels)
        {
            most = Math.Max(most, level.Bytes);
        }

        foreach (EstimatedLevel level in estimate.Levels)
        {
            string disk = hasDisk ? $" {new ByteCount(level.DiskBytes),10}" : "";
            string mark = estimate.Filter?.DumpLevel == level.Level ? ">" : " ";
            output.WriteLine(
                $" {mark}{level.Level,5}  {LevelText.LeftOutAt((DumpLevel)level.Level),-38} {new ByteCount(level.Bytes),10} "
                + $"{Percent(level.ShareOfRam)}{disk}  {Bar.Of(level.Bytes, most)}");
        }
    }

    private static void WriteClasses(EstimateDocument estimate, TextWriter output)
    {
        double all = Math.Max(1, estimate.RamBytes / Pfn.PageSize);
        output.WriteLine($"  {"pages",-18} {"number",11} {"of RAM",8} {"zeros",8} {"packed to",10}");
        foreach (EstimatedClass pages in estimate.Classes)
        {
            if (pages.Pages > 0)
            {
                string packed = pages.PackedPageBytes == 0 ? "" : new ByteCount(pages.PackedPageBytes).ToString();
                output.WriteLine(
                    $"    {pages.Name,-16} {pages.Pages,11} {Percent(pages.Pages / all)} {Percent(pages.ZeroShare)} {packed,10}  {Bar.Of(pages.Pages, all)}");
            }
        }

        if (estimate.UnreadablePages > 0)
        {
            output.WriteLine($"    {"not there",-16} {estimate.UnreadablePages,11} {Percent(estimate.UnreadablePages / all)}");
        }
    }

    private static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share,6:0.0} %");
}
