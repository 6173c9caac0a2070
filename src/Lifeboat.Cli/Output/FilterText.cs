using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Cli.Output;

/// <summary>A dump that was written, as text for a person: the files, then the pages by class.</summary>
internal static class FilterText
{
    public static void Write(FilterDocument result, TextWriter output)
    {
        ulong ram = result.Pages.Total * Pfn.PageSize;
        string share = ram == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * result.FileBytes / ram:0.0} %)");
        string raised = result.Raised ? $" (raised: at level {result.DumpLevelAsked} it did not fit)" : "";
        output.WriteLine(
            $"{string.Join(' ', result.Files)}: {new ByteCount(result.FileBytes)} for {new ByteCount(ram)} of RAM{share}, "
            + string.Create(CultureInfo.InvariantCulture, $"level {result.DumpLevel}{raised}, {result.Compression}, {result.Seconds:0.0} s")
            + (result.Incomplete ? ", INCOMPLETE as the dump it was made of" : ""));
        PageCountsText.Write(result.Pages, output);
        if (result.Erased is { } erased)
        {
            output.WriteLine($"  erased    {new ByteCount(erased.Bytes)} in {erased.Places} places");
        }

        foreach (string notice in result.Notices)
        {
            output.WriteLine($"  note: {PlainText.Printable(notice)}");
        }
    }
}
