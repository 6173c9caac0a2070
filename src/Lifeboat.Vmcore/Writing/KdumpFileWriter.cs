using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes kdump-compressed files, version 6, with any codec.</summary>
/// <remarks>
/// <para><b>Two passes.</b> The first decides for every page and writes both bitmaps into the file; the second reads
/// the bitmap back in windows, and reads, compresses and writes the pages.</para>
/// <para><b>Memory.</b> Constant however large the machine: 2 MiB for one thread, 2 MiB a thread and 4 more for
/// several, 256 KiB for the memory map, and what the source needs.</para>
/// <para><b>Durability.</b> The header says that the dump is incomplete until all pages are on stable storage.</para>
/// </remarks>
public static class KdumpFileWriter
{
    private const int MaxThreads = 64;

    /// <summary>Writes <paramref name="source"/>, filtered and compressed, and makes it durable.</summary>
    /// <param name="source">The machine's memory; used by the caller's thread only.</param>
    /// <param name="path">The file to write, on a filesystem that can seek; what it held is lost.</param>
    /// <param name="options">What to leave out, how hard to compress.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the writing early; what is there is a valid incomplete dump.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
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
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, MaxThreads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CompressionLevel, 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.CompressionLevel, 19, nameof(options));
        using var file = OutputFile.Create(path);
        var plan = new KdumpFilePlan(source, options);
        var tally = new PageTally();
        var notices = new List<Diagnostic>(source.Diagnostics);
        bool shareZeroPages = options.Level.HasFlag(DumpLevel.Zero);

        plan.WriteHeaders(file, isIncomplete: true, ramPages: 0, keptPages: 0);
        plan.WriteNotes(file);

        // With bitmaps of zeros in place, whatever ends the writing from here on leaves a dump that opens.
        file.SetLength(new ByteCount(plan.Descriptors.Value));
        using (var classifier = PageClassifier.Create(source, source.Vmcoreinfo, options.Level, notices))
        {
            new BitmapPass(source, file, plan, classifier).Run(tally, progress, cancellationToken);
            AddMapNotices(classifier, notices);
        }

        var writer = new PageDataWriter(file, plan, tally, shareZeroPages);
        plan.WriteHeaders(file, isIncomplete: true, tally.Total, tally.Selected);
        using (var pipeline = new BlockPipeline(options, writer))
        {
            new PagePass(source, file, plan, tally).Run(pipeline, writer, progress, cancellationToken);
        }

        // Only when every page is on stable storage may the header say so.
        file.Sync();
        plan.WriteHeaders(file, source.IsIncomplete, tally.Total, tally.Selected);
        file.Sync();
        AddUnreadableNotice(tally, notices);
        return new DumpWriteResult(writer.FileSize, tally.ToCounts(), notices);
    }

    private static void AddMapNotices(PageClassifier classifier, List<Diagnostic> notices)
    {
        if (classifier.UnreadablePages > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.BadMemoryMap, "parts of the kernel's map of memory cannot be read")
            {
                Found = $"{classifier.UnreadablePages} pages, which are kept",
            });
        }

        if (classifier.DamagedPages > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.BadMemoryMap, "the kernel's map of memory contradicts itself")
            {
                Found = $"{classifier.DamagedPages} pages, which are kept",
            });
        }
    }

    private static void AddUnreadableNotice(PageTally tally, List<Diagnostic> notices)
    {
        if (tally.Unreadable > 0)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.UnreadablePages, "some pages could not be read and are not in the dump")
            {
                Found = $"{tally.Unreadable} pages",
            });
        }
    }
}
