using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary><c>--mem-usage</c>: counts the pages of a machine, or of a dump, by what could be left out.</summary>
internal static class MemoryUsage
{
    public static void Run(MakedumpfileSettings settings, MakedumpfileMessages messages)
    {
        using DumpSource dump = MakedumpfileInput.Open(settings);
        var options = new DumpWriteOptions { Level = DumpLevel.All, Compression = DumpCompression.None };
        PageCounts pages = KdumpFileWriter.WriteFlattened(dump, Stream.Null, options).Pages;
        messages.Common();
        messages.Common("TYPE\t\tPAGES\t\t\tEXCLUDABLE\tDESCRIPTION");
        messages.Common("----------------------------------------------------------------------");
        Line("ZERO\t\t", pages.Zero, "yes\t\tPages filled with zero");
        Line("NON_PRI_CACHE\t", pages.Cache, "yes\t\tCache pages without private flag");
        Line("PRI_CACHE\t", pages.PrivateCache, "yes\t\tCache pages with private flag");
        Line("USER\t\t", pages.User, "yes\t\tUser process pages");
        Line("FREE\t\t", pages.Free, "yes\t\tFree pages");
        Line("KERN_DATA\t", pages.Kept, "no\t\tDumpable kernel data ");
        messages.Common();
        messages.Common(Padded("page size:\t\t", Pfn.PageSize));
        messages.Common(Padded("Total pages on system:\t", pages.Total));
        messages.Common(Padded("Total size on system:\t", pages.Total * Pfn.PageSize) + " Byte");

        void Line(string type, ulong count, string rest) => messages.Common($"{Padded(type, count)}\t{rest}");
    }

    private static string Padded(string name, ulong value) => string.Create(CultureInfo.InvariantCulture, $"{name}{value,-16}");
}
