using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Split;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore;

/// <summary>
/// Reads every page that a dump says it has, and holds headers, bitmaps and the table of pages against each other.
/// </summary>
public static class DumpCheck
{
    private const int PagesAtOnce = 4096;

    /// <summary>Reads all pages; a page that cannot be read, or is missing from an unfinished dump, is a finding.</summary>
    /// <param name="dump">The dump; used by the caller's thread only.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpCheckResult Run(DumpSource dump, CancellationToken cancellation) =>
        Run(dump, progress: null, cancellation);

    /// <summary>The same, telling how far it has come.</summary>
    /// <param name="dump">The dump; used by the caller's thread only.</param>
    /// <param name="progress">Told every few MiB, on the caller's thread; null when nobody wants to know.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpCheckResult Run(
        DumpSource dump, IProgress<DumpProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dump);
        List<Diagnostic> contradictions = Compare(dump, cancellation);
        DumpCheckResult result = new Pass(dump, progress, cancellation).Run();
        return contradictions.Count == 0 ? result : result with { Contradictions = contradictions };
    }

    private static List<Diagnostic> Compare(DumpSource dump, CancellationToken cancellation)
    {
        var contradictions = new List<Diagnostic>();
        switch (dump)
        {
            case KdumpDumpSource whole:
                new KdumpCheck(whole, contradictions).Run(cancellation);
                break;
            case SplitDumpSource split:
                foreach (KdumpDumpSource part in split.Parts)
                {
                    new KdumpCheck(part, contradictions).Run(cancellation);
                }

                SplitBitmapCheck.Run(split.Parts, contradictions, cancellation);
                break;
        }

        return contradictions;
    }

    private sealed class Pass(DumpSource dump, IProgress<DumpProgress>? progress, CancellationToken cancellation)
    {
        private readonly byte[] _page = new byte[Pfn.PageSize];
        private readonly PageState[] _states = new PageState[PagesAtOnce];
        private MemoryFault _first = MemoryFault.None;
        private ulong _read;
        private ulong _faults;

        internal DumpCheckResult Run()
        {
            ulong all = 0, done = 0;
            foreach (PhysicalRange range in dump.RamRanges)
            {
                all += range.Length.Value >> Pfn.PageShift;
            }

            foreach (PhysicalRange range in dump.RamRanges)
            {
                ulong end = range.End.Pfn.Value;
                ulong pfn = range.Start.AlignUp(ByteCount.Page).Pfn.Value;
                while (pfn < end)
                {
                    cancellation.ThrowIfCancellationRequested();
                    ulong next = CheckSome(pfn, end);
                    done += next - pfn;
                    pfn = next;
                    progress?.Report(new DumpProgress(DumpStage.Check, done, all, ByteCount.Zero));
                }
            }

            return new DumpCheckResult(_read, _faults, _first);
        }

        private ulong CheckSome(ulong pfn, ulong end)
        {
            if (dump.TryGetRun(new Pfn(pfn), out PageState state, out Pfn runEnd) && state != PageState.Present)
            {
                ulong next = Math.Min(end, runEnd.Value);
                _read += state == PageState.Zero ? next - pfn : 0;
                if (state == PageState.Truncated)
                {
                    Fail(new MemoryFault(new Pfn(pfn).Address.Value, MemoryFaultReason.Truncated), next - pfn);
                }

                return next;
            }

            Span<PageState> some = _states.AsSpan(0, (int)Math.Min(end - pfn, PagesAtOnce));
            dump.GetPageStates(new Pfn(pfn), some);
            for (int i = 0; i < some.Length; i++)
            {
                if (some[i] is PageState.Excluded or PageState.NotRam)
                {
                    continue;
                }

                if (dump.Read(new Pfn(pfn + (ulong)i).Address, _page, out MemoryFault fault) == _page.Length)
                {
                    _read++;
                }
                else
                {
                    Fail(fault, 1);
                }
            }

            return pfn + (ulong)some.Length;
        }

        private void Fail(MemoryFault fault, ulong pages)
        {
            _first = _faults == 0 ? fault : _first;
            _faults += pages;
        }
    }
}
