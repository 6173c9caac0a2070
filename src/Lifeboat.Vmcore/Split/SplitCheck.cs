using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Split;

/// <summary>Sees whether files are the parts of one split dump, and which part is missing.</summary>
internal static class SplitCheck
{
    /// <summary>Compares what every part repeats, and the ranges.</summary>
    /// <param name="parts">The parts by their ranges.</param>
    /// <exception cref="DumpFormatException">They are not of one dump, or two have the same pages.</exception>
    internal static void ThrowUnlessOneDump(ReadOnlySpan<KdumpDumpSource> parts)
    {
        KdumpDumpSource first = parts[0];
        foreach (KdumpDumpSource part in parts)
        {
            KdumpLayout layout = part.Layout;
            DiskDumpHeader header = layout.Header;
            string? found = !layout.IsPart ? "a whole dump"
                : layout.EndPfn != first.Layout.EndPfn ? $"a dump of 0x{layout.EndPfn:x} pages"
                : header.BlockSize != first.Layout.Header.BlockSize ? $"pages of {header.BlockSize} bytes"
                : header.Version != first.Layout.Header.Version ? $"version {header.Version}"
                : layout.KeptBitmapOffset != first.Layout.KeptBitmapOffset ? "bitmaps at another place"
                : header.UtsName != first.Layout.Header.UtsName ? $"a dump of {header.UtsName.NodeName}"
                : header.TimestampSeconds != first.Layout.Header.TimestampSeconds ? "a dump of another time"
                : null;
            if (found is not null)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.PartsDiffer, "the files are not parts of one dump")
                    {
                        Where = part.Path,
                        Found = found,
                        Expected = $"a part of the dump that {first.Path} is of",
                    });
            }
        }

        for (int i = 1; i < parts.Length; i++)
        {
            if (parts[i].Layout.FirstPfn < parts[i - 1].Layout.PagesEnd)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.PartsDiffer, "two parts of a split dump have the same pages")
                    {
                        Where = $"{parts[i - 1].Path} and {parts[i].Path}",
                        Found = $"pages from 0x{parts[i].Layout.FirstPfn:x} to 0x{parts[i - 1].Layout.PagesEnd:x}",
                        Expected = "ranges without overlap",
                    });
            }
        }
    }

    /// <summary>Counts the pages of each part by the bitmap of the first: pages are found by counting.</summary>
    /// <exception cref="DumpFormatException">A part has more or fewer pages than the first part says.</exception>
    internal static void ThrowUnlessSameBitmaps(IReadOnlyList<KdumpDumpSource> parts)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            KdumpLayout layout = parts[i].Layout;
            ulong expected = parts[0].CountKeptBelow(layout.PagesEnd) - parts[0].CountKeptBelow(layout.FirstPfn);
            if (parts[i].PageCount != expected)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.PartsDiffer, "the bitmaps of two parts differ")
                    {
                        Where = parts[i].Path,
                        Found = $"{parts[i].PageCount} pages",
                        Expected = $"{expected} pages, as {parts[0].Path} has it",
                    });
            }
        }
    }

    /// <summary>Tells of ranges that no part has; returns whether there are any.</summary>
    internal static bool FindMissing(ReadOnlySpan<KdumpDumpSource> parts, List<Diagnostic> diagnostics)
    {
        int before = diagnostics.Count;
        ulong end = 0;
        foreach (KdumpDumpSource part in parts)
        {
            Tell(end, part.Layout.FirstPfn);
            end = Math.Max(end, part.Layout.PagesEnd);
        }

        Tell(end, parts[0].Layout.EndPfn);
        return diagnostics.Count > before;

        void Tell(ulong from, ulong to)
        {
            if (from < to)
            {
                diagnostics.Add(new Diagnostic(VmcoreDiagnosticIds.PartMissing, "a part of a split dump is missing")
                {
                    Where = $"pages 0x{from:x} to 0x{to:x}",
                    Remedy = "Give all parts together.",
                });
            }
        }
    }
}
