using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Vmcore.Writing;

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
        output.WriteLine(
            $"{string.Join(' ', result.Files)}: {new ByteCount(result.FileBytes)} for {new ByteCount(ram)} of RAM{share}, "
            + string.Create(CultureInfo.InvariantCulture, $"level {result.DumpLevel}, {result.Compression}, {result.Seconds:0.0} s")
            + (result.Incomplete ? ", INCOMPLETE as the dump it was made of" : ""));
        output.WriteLine($"  pages     {result.Pages.Total} of RAM");
        PageCounts pages = result.Pages;
        Count("kept", pages.Kept);
        Count("zero", pages.Zero);
        Count("free", pages.Free);
        Count("cache", pages.Cache);
        Count("private cache", pages.PrivateCache);
        Count("user", pages.User);
        Count("hwpoison", pages.HardwarePoison);
        Count("offline", pages.Offline);
        Count("not there", pages.Unreadable);
        foreach (string notice in result.Notices)
        {
            output.WriteLine($"  note: {PlainText.Printable(notice)}");
        }

        void Count(string name, ulong count)
        {
            if (count > 0)
            {
                output.WriteLine($"    {name,-14} {count,10}");
            }
        }
    }
}
