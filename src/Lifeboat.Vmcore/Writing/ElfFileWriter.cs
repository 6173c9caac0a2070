using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes ELF64 dumps, as <c>makedumpfile -E</c> does: not compressed, for gdb and everything else.</summary>
/// <remarks>
/// <para><b>Contents.</b> A segment for every run of kept pages, at the kernel's direct map where that can be found;
/// what is left out after a run is memory of its segment without bytes in the file, which most tools take for zeros,
/// as they do with makedumpfile's. The kernel's image has segments of
/// its own, at its own addresses, of the same bytes. Pages of zeros are holes in the file.</para>
/// <para><b>Options.</b> Only <see cref="DumpWriteOptions.Level"/> and <see cref="DumpWriteOptions.Threads"/> matter.</para>
/// <para><b>Memory.</b> 1 MiB a thread and 3 more, however large the machine: which pages are kept is found out three
/// times (to count, for the segments, for the pages) rather than kept.</para>
/// <para><b>Durability.</b> The header says that the dump is incomplete (e_flags 1) until all pages are on stable
/// storage.</para>
/// </remarks>
public static class ElfFileWriter
{
    /// <summary>Writes <paramref name="source"/>, filtered, and makes it durable.</summary>
    /// <param name="source">The machine's memory; used by the caller's thread only.</param>
    /// <param name="path">The file to write, on a filesystem that can seek; what it held is lost.</param>
    /// <param name="options">What to leave out.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the writing early; what is there says that it is incomplete.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="DumpFormatException">The machine's pages are not of 4 KiB.</exception>
    /// <exception cref="KernelInterfaceException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpWriteResult Write(
        DumpSource source,
        string path,
        DumpWriteOptions options,
        IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        PageSizeCheck.ThrowUnlessWritable(source);
        DumpWriteOptions.Check(options);
        return LevelRaising.Run(options, raised =>
        {
            using var output = new FileOutput(path, raised.MaxSize, raised.SyncEvery);
            return new ElfWriteRun(source, output, raised, progress, cancellationToken).Run();
        });
    }

    /// <summary>Writes the same flattened, as <c>makedumpfile -F -E</c> does.</summary>
    /// <param name="source">The machine's memory; used by the caller's thread only.</param>
    /// <param name="stream">Takes the dump, need not seek, and stays open.</param>
    /// <param name="options">What to leave out.</param>
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
        PageSizeCheck.ThrowUnlessWritable(source);
        ArgumentNullException.ThrowIfNull(stream);
        DumpWriteOptions.Check(options);
        return LevelRaising.RunOnce(source, options, isElf: true, Write, progress, cancellationToken);

        DumpWriteResult Write(DumpWriteOptions fitting)
        {
            using var output = new FlattenedOutput(stream, fitting.MaxSize);
            return new ElfWriteRun(source, output, fitting, progress, cancellationToken).Run();
        }
    }
}
