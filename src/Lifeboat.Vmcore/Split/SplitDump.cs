using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Split;

/// <summary>Makes one file of the parts of a split dump.</summary>
public static class SplitDump
{
    /// <summary>
    /// Writes the parts as one kdump-compressed file (<c>makedumpfile --reassemble</c>); pages are copied packed as they
    /// are. Where a part is missing or incomplete, so is the result, and says so.
    /// </summary>
    /// <param name="paths">The parts, in any order.</param>
    /// <param name="output">The file to write; what it held is lost.</param>
    /// <param name="limits">What to believe of the parts; null for <see cref="DumpLimits.Default"/>.</param>
    /// <param name="progress">Told every MiB or so, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the work early; what is there is a valid incomplete dump.</param>
    /// <returns>The length of the file, and what was wrong with the parts and was tolerated.</returns>
    /// <exception cref="DumpFormatException">They are not parts of one dump, or headers are damaged.</exception>
    /// <exception cref="KernelInterfaceException">A part cannot be read, or the file not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SplitJoinResult Join(
        IReadOnlyList<string> paths, string output, DumpLimits? limits = null,
        IProgress<DumpProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using DumpSource source = DumpSource.Open(paths, limits);
        if (source is not SplitDumpSource split)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.PartsDiffer, "the file is not a part of a split dump")
                {
                    Where = source.Path,
                    Found = source.FormatName,
                    Expected = "a part of a split kdump-compressed dump",
                });
        }

        SplitCheck.ThrowUnlessSameBitmaps(split.Parts);
        using var file = new FileOutput(output);
        ByteCount length = new SplitJoiner(split, file, progress).Run(cancellationToken);
        return new SplitJoinResult(length, split.IsIncomplete, [.. split.Diagnostics]);
    }
}
