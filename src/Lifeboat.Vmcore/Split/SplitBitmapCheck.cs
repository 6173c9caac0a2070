using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Split;

/// <summary>Compares the bitmaps that every part of a split dump repeats, bit by bit.</summary>
internal static class SplitBitmapCheck
{
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static void Run(
        IReadOnlyList<KdumpDumpSource> parts, List<Diagnostic> findings, CancellationToken cancellationToken)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            Compare(parts[0], parts[i], "1st", static part => part.Layout.RamBitmapOffset, findings, cancellationToken);
            Compare(parts[0], parts[i], "2nd", static part => part.Layout.KeptBitmapOffset, findings, cancellationToken);
        }
    }

    private static void Compare(
        KdumpDumpSource first, KdumpDumpSource part, string which, Func<KdumpDumpSource, ulong> offset,
        List<Diagnostic> findings, CancellationToken cancellationToken)
    {
        var expected = new PageBitmap(first.File, offset(first), first.Layout.EndPfn);
        var found = new PageBitmap(part.File, offset(part), part.Layout.EndPfn);
        for (ulong block = 0; block < expected.BlockCount; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int same = expected.GetBlock(block).CommonPrefixLength(found.GetBlock(block));
            if (same < PageBitmap.BlockBytes)
            {
                ulong page = (block * PageBitmap.BlockBits) + ((ulong)same * 8);
                findings.Add(new Diagnostic(VmcoreDiagnosticIds.Contradiction, $"the {which} bitmaps of two parts differ")
                {
                    Where = $"{part.Path}, from page 0x{page:x} on",
                    Expected = $"what {first.Path} has",
                });
                return;
            }
        }
    }
}
