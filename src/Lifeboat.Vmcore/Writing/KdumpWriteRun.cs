using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>One writing of a kdump-compressed dump, into one output or, split, into several.</summary>
internal sealed class KdumpWriteRun(
    DumpSource source,
    IReadOnlyList<DumpOutput> outputs,
    DumpWriteOptions options,
    IProgress<DumpProgress>? progress,
    CancellationToken cancellationToken)
{
    private readonly KdumpFilePlan _plan = new(source, options);
    private readonly PageTally _tally = new();
    private readonly List<Diagnostic> _notices = [.. source.Diagnostics, .. options.Eraser?.Notices ?? []];
    private ulong _lost;

    internal DumpWriteResult Run()
    {
        foreach (DumpOutput output in outputs)
        {
            _plan.WriteHeaders(output, isIncomplete: true, ramPages: 0, keptPages: 0);
            _plan.WriteNotes(output);

            // With bitmaps of zeros in place, whatever ends the writing from here on leaves a dump that opens.
            output.SetLength(new ByteCount(_plan.Descriptors.Value));
        }

        var bitmaps = new PageBitmaps(outputs, _plan);

        // Into a stream the bits go in their order, whatever the number of threads.
        using (var classifier = PageClassifier.Create(source, options, _notices))
        using (var pass = new BitmapPass(source, classifier, outputs[0].CanRead ? options.Threads : 1))
        {
            pass.Run(
                _tally,
                (start, window) => bitmaps.Write(start, window.Ram, window.Kept),
                progress,
                cancellationToken);
            WriteNotices.AddOfMap(classifier, _notices);
        }

        ByteCount size = WritePages(bitmaps);

        // Only when every page is on stable storage may the headers say so; and not when one could not be read.
        foreach (DumpOutput output in outputs)
        {
            output.Sync();
        }

        foreach (DumpOutput output in outputs)
        {
            _plan.WriteHeaders(output, source.IsIncomplete || _lost > 0, _tally.Total, _tally.Selected);
            output.Finish();
        }

        WriteNotices.AddOfUnreadable(_tally, _notices);
        return new DumpWriteResult(size, _tally.ToCounts(), _notices);
    }

    private ByteCount WritePages(PageBitmaps bitmaps)
    {
        bool canRead = outputs[0].CanRead;
        using var again = new ReclassifiedWindows(source, options);
        IKeptWindows windows = canRead ? bitmaps : again;
        List<PagePart> parts = PagePartition.Divide(windows, _plan.EndPfn, _tally.Selected, outputs.Count);
        using var pass = canRead
            ? new PagePass(source, windows, _tally.Selected, options, UnreadablePages.Dropped, pages => Drop(bitmaps, pages))
            : new PagePass(source, windows, _tally.Selected, options, UnreadablePages.Missing, CountMissing);
        ByteCount size = ByteCount.Zero;
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts.Count > 1)
            {
                _plan.WriteRange(outputs[i], parts[i]);
            }

            _plan.WriteHeaders(outputs[i], isIncomplete: true, _tally.Total, _tally.Selected);
            var writer = new PageDataWriter(
                outputs[i], _plan, parts[i].Selected, _tally, options.Level.HasFlag(DumpLevel.Zero));
            pass.Run(parts[i], writer, progress, cancellationToken);
            size += writer.FileSize;
        }

        return size;
    }

    private void Drop(PageBitmaps bitmaps, List<ulong> pages)
    {
        // No descriptor is written for them, so their bits must go: a descriptor is found by counting bits.
        bitmaps.Drop(pages);
        _tally.Selected -= (ulong)pages.Count;
        CountLost(pages);
    }

    private void CountMissing(List<ulong> pages)
    {
        _tally.Missing += (ulong)pages.Count;
        CountLost(pages);
    }

    private void CountLost(List<ulong> pages)
    {
        _tally.Unreadable += (ulong)pages.Count;
        _lost += (ulong)pages.Count;
    }
}
