using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>The pages of a dump by what became of them, a line each.</summary>
internal static class PageCountsText
{
    public static void Write(PageCounts pages, TextWriter output)
    {
        output.WriteLine($"  pages     {pages.Total} of RAM");
        Count("kept", pages.Kept);
        Count("zero", pages.Zero);
        Count("free", pages.Free);
        Count("cache", pages.Cache);
        Count("private cache", pages.PrivateCache);
        Count("user", pages.User);
        Count("hwpoison", pages.HardwarePoison);
        Count("offline", pages.Offline);
        Count("not there", pages.Unreadable);

        void Count(string name, ulong count)
        {
            if (count > 0)
            {
                output.WriteLine($"    {name,-14} {count,10}");
            }
        }
    }
}
