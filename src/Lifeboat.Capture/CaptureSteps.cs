using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture;

/// <summary>What a capture asks of the rooms below: the seam through which a test makes one of them fail.</summary>
internal sealed record CaptureSteps
{
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

    internal Func<DumpSource, IReadOnlyList<EraseDirective>, TimeProvider, CancellationToken, EraseFindings> FindErased
    {
        get;
        init;
    } = static (source, directives, time, cancellation) =>
        EraseSearch.In(source, directives, time, EraseLimits.Default, cancellation);

    internal DumpWrite WriteDump { get; init; } = KdumpFileWriter.Write;

    internal DumpStreamWrite WriteStream { get; init; } = KdumpFileWriter.WriteFlattened;
}
