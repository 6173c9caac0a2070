using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture;

/// <summary>What a capture asks of the rooms below: the seam through which a test makes one of them fail.</summary>
internal sealed record CaptureSteps
{
    // A second, more where all is emulated.
    private static readonly TimeSpan LimitForLog = TimeSpan.FromSeconds(10);

    internal Func<string, DumpSource> Open { get; init; } = path => DumpSource.Open(path);

    internal Func<DumpSource, KernelIdentity> ReadIdentity { get; init; } = KernelIdentity.Read;

    internal Func<DumpSource, (IReadOnlyList<LogRecord> Records, IReadOnlyList<Diagnostic> Diagnostics)> ReadLog
    {
        get;
        init;
    } = dump =>
    {
        KernelLog log = KernelLog.Read(dump);
        return (log.Records, log.Diagnostics);
    };

    /// <summary>Makes a report: program, memory, folder, time; says why when it could not.</summary>
    internal Func<string, string, string, TimeSpan, string?> MakeReport { get; init; } = ReportProcess.Run;

    /// <summary>Makes a report of the log alone, when the whole one fails.</summary>
    internal Func<string, string, string, TimeSpan, string?> MakeLogReport { get; init; } = ReportProcess.RunLogOnly;

    /// <summary>Makes a report, or at least one of the log alone: it needs little memory, time and luck.</summary>
    /// <param name="program">The program that makes it.</param>
    /// <param name="vmcore">The memory.</param>
    /// <param name="folder">Where its files go.</param>
    /// <param name="limit">The longest that the whole report may take.</param>
    /// <param name="tell">Told why there is no whole one.</param>
    /// <returns>Why there is neither; null when there is one.</returns>
    internal string? MakeSomeReport(string program, string vmcore, string folder, TimeSpan limit, Action<string> tell)
    {
        if (MakeReport(program, vmcore, folder, limit) is not { } error)
        {
            return null;
        }

        tell($"the report fails, one of the log alone is made: {error}");
        return MakeLogReport(program, vmcore, folder, LimitForLog) is null ? null : error;
    }

    internal Func<DumpSource, IReadOnlyList<EraseDirective>, TimeProvider, CancellationToken, EraseFindings> FindErased
    {
        get;
        init;
    } = static (source, directives, time, cancellation) =>
        EraseSearch.In(source, directives, time, EraseLimits.Default, cancellation);

    internal DumpWrite WriteDump { get; init; } = KdumpFileWriter.Write;

    internal DumpStreamWrite WriteStream { get; init; } = KdumpFileWriter.WriteFlattened;
}
