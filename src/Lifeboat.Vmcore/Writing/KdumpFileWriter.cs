using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes kdump-compressed dumps, version 6, with any codec: a file, a stream, or the parts of a set.</summary>
/// <remarks>
/// <para><b>Two passes.</b> The first decides for every page and writes both bitmaps into the file; the second reads
/// the bitmap back in windows, and reads, compresses and writes the pages.</para>
/// <para><b>Threads.</b> Each reads, compresses and, when its turn comes, writes; the caller's is one of them.</para>
/// <para><b>Memory.</b> Constant however large the machine: 1 MiB for one thread, 1 MiB a thread and 1 more for
/// several, 256 KiB for the memory map, and what the source needs. A stream cannot be read back: there the first
/// pass's decisions are made again for the second.</para>
/// <para><b>Durability.</b> The header says that the dump is incomplete until all pages are on stable storage.</para>
/// </remarks>
public static class KdumpFileWriter
{
    /// <summary>The most files that a dump can be split into.</summary>
    public const int MaxParts = 64;

    /// <summary>Writes <paramref name="source"/>, filtered and compressed, and makes it durable.</summary>
    /// <param name="source">The machine's memory; used by the caller's thread only.</param>
    /// <param name="path">The file to write, on a filesystem that can seek; what it held is lost.</param>
    /// <param name="options">What to leave out, how hard to compress.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the writing early; what is there is a valid incomplete dump.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="DumpFormatException">The machine's pages are not of 4 KiB.</exception>
    /// <exception cref="KernelInterfaceException">
    /// The file cannot be written (a full disk is <c>ENOSPC</c>). The file is left as a dump that says it is
    /// incomplete.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpWriteResult Write(
        DumpSource source,
        string path,
        DumpWriteOptions options,
        IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(source, options);
        return LevelRaising.Run(options, raised =>
        {
            using var output = new FileOutput(path, raised.MaxSize, raised.SyncEvery);
            return new KdumpWriteRun(source, [output], raised, progress, cancellationToken).Run();
        });
    }

    /// <summary>
    /// Writes the same flattened, as <c>makedumpfile -F</c> does: a sequence of pieces that say where they belong.
    /// </summary>
    /// <param name="source">The machine's memory; used by the caller's thread only.</param>
    /// <param name="stream">Takes the dump, need not seek, and stays open.</param>
    /// <param name="options">What to leave out, how hard to compress.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the writing early; what was written is an incomplete dump.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="DumpFormatException">The machine's pages are not of 4 KiB.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpWriteResult WriteFlattened(
        DumpSource source,
        Stream stream,
        DumpWriteOptions options,
        IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(source, options);
        ArgumentNullException.ThrowIfNull(stream);
        return LevelRaising.RunOnce(source, options, isElf: false, Write, progress, cancellationToken);

        DumpWriteResult Write(DumpWriteOptions fitting)
        {
            using var output = new FlattenedOutput(stream, fitting.MaxSize);
            return new KdumpWriteRun(source, [output], fitting, progress, cancellationToken).Run();
        }
    }

    /// <summary>
    /// Writes a split dump, as <c>makedumpfile --split</c> does: every file has all headers and the pages of a range of
    /// its own, as many in each.
    /// </summary>
    /// <param name="source">The machine's memory; used by the caller's thread only.</param>
    /// <param name="paths">The files, at most <see cref="MaxParts"/>; what they held is lost.</param>
    /// <param name="options">What to leave out, how hard to compress.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the writing early; what is there are valid incomplete parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option or the number of files is out of its range.</exception>
    /// <exception cref="KernelInterfaceException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpWriteResult WriteSplit(
        DumpSource source,
        IReadOnlyList<string> paths,
        DumpWriteOptions options,
        IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(source, options);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfLessThan(paths.Count, 1, nameof(paths));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(paths.Count, MaxParts, nameof(paths));
        return LevelRaising.Run(options, raised =>
        {
            var outputs = new List<DumpOutput>(paths.Count);
            try
            {
                foreach (string path in paths)
                {
                    outputs.Add(new FileOutput(path, raised.MaxSize, raised.SyncEvery));
                }

                return new KdumpWriteRun(source, outputs, raised, progress, cancellationToken).Run();
            }
            finally
            {
                foreach (DumpOutput output in outputs)
                {
                    output.Dispose();
                }
            }
        });
    }

    private static void Check(DumpSource source, DumpWriteOptions options)
    {
        PageSizeCheck.ThrowUnlessWritable(source);
        DumpWriteOptions.Check(options);
    }
}
