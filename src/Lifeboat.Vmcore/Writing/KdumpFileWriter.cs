using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes kdump-compressed files, version 6, with zstd.</summary>
public static class KdumpFileWriter
{
    /// <summary>Writes <paramref name="source"/>, filtered and compressed, and makes it durable.</summary>
    /// <param name="source">The machine's memory.</param>
    /// <param name="path">The file to write; what it held is lost.</param>
    /// <param name="options">What to leave out, how hard to compress.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the writing early; what is there is a valid incomplete dump.</param>
    /// <exception cref="KernelInterfaceException">
    /// The file cannot be written (a full disk is <c>ENOSPC</c>). The file is left as a dump that says it is incomplete.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpWriteResult Write(
        DumpSource source,
        string path,
        DumpWriteOptions options,
        IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{source} {path} {options} {progress} {cancellationToken.IsCancellationRequested}");
}
