using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing.Estimating;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Has a dump written at a level at which it fits.</summary>
internal static class LevelRaising
{
    /// <summary>Writes a dump, and again at the next level for as long as it does not fit.</summary>
    internal static DumpWriteResult Run(DumpWriteOptions options, Func<DumpWriteOptions, DumpWriteResult> write)
    {
        var told = new List<Diagnostic>();
        DumpWriteOptions now = options;
        for (int next = 0; ; next++)
        {
            try
            {
                DumpWriteResult result = write(now);
                return result with { Level = now.Level, Notices = [.. told, .. result.Notices] };
            }
            catch (KernelInterfaceException e) when (next < options.RaiseTo.Count && IsFull(e.Errno))
            {
                told.Add(Raised("the dump did not fit, and was begun anew at a higher level", e.Path, $"level {(int)now.Level}: {e.Errno}", options.RaiseTo[next]));
                now = options with { Level = options.RaiseTo[next] };
            }
        }
    }

    /// <summary>Writes a dump once, where it cannot be begun anew: at the first level at which it is likely to fit, or the last.</summary>
    internal static DumpWriteResult RunOnce(
        DumpSource source, DumpWriteOptions options, bool isElf, Func<DumpWriteOptions, DumpWriteResult> write, IProgress<DumpProgress>? progress,
        CancellationToken cancellationToken)
    {
        DumpLevel level = options.Level;
        var told = new List<Diagnostic>();
        if (options.RaiseTo.Count > 0 && options.MaxSize is { } most && most < Largest(source))
        {
            DumpEstimate estimate = DumpEstimator.Estimate(source, options, isElf, time: null, progress, cancellationToken);
            for (int next = 0; next < options.RaiseTo.Count && most < WithMargin(estimate.SizeAt(level)); next++)
            {
                level = options.RaiseTo[next];
            }

            if (level != options.Level)
            {
                told.Add(Raised($"the dump would not fit the {most} that it may have", where: null, $"level {(int)options.Level}: about {estimate.Size}", level));
            }
        }

        DumpWriteResult result = write(options with { Level = level });
        return result with { Level = level, Notices = [.. told, .. result.Notices] };
    }

    private static Diagnostic Raised(string what, string? where, string found, DumpLevel level) => new(VmcoreDiagnosticIds.LevelRaised, what)
    {
        Where = where,
        Found = found,
        Expected = $"level {(int)level}",
    };

    // Every page with its descriptor, none of which packs; the bitmaps and headers are less than the rest.
    private static ByteCount Largest(DumpSource source)
    {
        ulong ram = 0;
        foreach (PhysicalRange range in source.RamRanges)
        {
            ram += range.Length.Value;
        }

        return new ByteCount(ram + (ram / 128) + (ulong)source.Notes.Length);
    }

    // What is sampled is within a few percent.
    private static ByteCount WithMargin(ByteCount size) => new(size.Value + (size.Value / 16));

    private static bool IsFull(Errno error) => error is Errno.ENOSPC or Errno.EDQUOT or Errno.EFBIG;
}
