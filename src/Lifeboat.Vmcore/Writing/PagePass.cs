using System.Numerics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The second pass: reads the pages that the bitmap names and feeds them to the pipeline.</summary>
internal sealed class PagePass(DumpSource source, PageBitmaps bitmaps, PageTally tally)
{
    private const int WindowBytes = PageBitmap.BlockBytes;
    private const int WindowPages = PageBitmap.BlockBits;
    private const int PieceSize = 512;
    private const ulong ReportEveryPages = 4096;

    private readonly byte[] _bits = new byte[WindowBytes];
    private readonly ulong _total = tally.Selected;
    private bool _hasChangedBits;
    private ulong _done;
    private ulong _lastReport;

    /// <summary>Whether a page that cannot be read gives a page of zeros, for formats where its place is fixed.</summary>
    internal bool KeepsUnreadable { get; init; }

    internal void Run(
        PagePart part, BlockPipeline pipeline, IProgress<DumpProgress>? progress, CancellationToken cancellationToken)
    {
        ulong end = _done + part.Selected;
        PageBlock block = pipeline.Take();
        for (ulong start = part.Start / WindowPages * WindowPages; start < part.End && _done < end; start += WindowPages)
        {
            bitmaps.ReadKept(start, _bits);
            _hasChangedBits = false;
            int page = (int)(Math.Max(part.Start, start) - start);
            int windowEnd = (int)Math.Min(part.End - start, WindowPages);
            while ((page = FindRun(page, out int length)) < windowEnd)
            {
                int count = Math.Min(Math.Min(length, windowEnd - page), PageBlock.Capacity - block.Count);
                ReadRun(block, start, page, count);
                page += count;
                _done += (ulong)count;
                if (block.IsFull)
                {
                    pipeline.Submit(block);
                    cancellationToken.ThrowIfCancellationRequested();
                    Report(progress, pipeline.Writer.FileSize);
                    block = pipeline.Take();
                }
            }

            if (_hasChangedBits)
            {
                bitmaps.WriteKept(start, _bits);
            }
        }

        if (block.Count > 0)
        {
            pipeline.Submit(block);
        }

        pipeline.Drain();
        progress?.Report(new DumpProgress(DumpStage.Write, _done, _total, pipeline.Writer.FileSize));
    }

    private void Report(IProgress<DumpProgress>? progress, ByteCount size)
    {
        if (_done - _lastReport >= ReportEveryPages)
        {
            _lastReport = _done;
            progress?.Report(new DumpProgress(DumpStage.Write, _done, _total, size));
        }
    }

    /// <summary>
    /// The next run of set bits at or after a place in the window; the window's end when there is none.
    /// </summary>
    private int FindRun(int from, out int length)
    {
        int start = NextBit(from, wanted: true);
        length = NextBit(start, wanted: false) - start;
        return start;
    }

    private int NextBit(int from, bool wanted)
    {
        byte skip = wanted ? (byte)0 : (byte)0xff;
        int index = from >> 3;
        if (index < WindowBytes)
        {
            int bits = (_bits[index] ^ skip) >> (from & 7);
            if (bits != 0)
            {
                return from + BitOperations.TrailingZeroCount(bits);
            }

            int ahead = _bits.AsSpan(index + 1).IndexOfAnyExcept(skip);
            if (ahead >= 0)
            {
                index += 1 + ahead;
                return (index * 8) + BitOperations.TrailingZeroCount(_bits[index] ^ skip);
            }
        }

        return WindowPages;
    }

    private void ReadRun(PageBlock block, ulong windowStart, int page, int count)
    {
        int done = 0;
        while (done < count)
        {
            var address = new Pfn(windowStart + (ulong)(page + done)).Address;
            Span<byte> target = block.Pages(block.Count, count - done);
            int read = source.Read(address, target, out MemoryFault fault);
            int whole = read / Pfn.PageSize;
            block.Count += whole;
            done += whole;
            if (fault == MemoryFault.None)
            {
                return;
            }

            PatchUp(block, new Pfn(windowStart + (ulong)(page + done)), fault, page + done);
            done++;
        }
    }

    /// <summary>
    /// A page that cannot be read as a whole: RAM may begin or end within it, otherwise it is dropped.
    /// </summary>
    private void PatchUp(PageBlock block, Pfn pfn, MemoryFault fault, int bit)
    {
        Span<byte> target = block.Page(block.Count);
        target.Clear();
        bool hasAny = false;
        for (int piece = 0; fault.Reason == MemoryFaultReason.Unmapped && piece < Pfn.PageSize; piece += PieceSize)
        {
            Span<byte> part = target.Slice(piece, PieceSize);
            int read = source.Read(pfn.Address + new ByteCount((ulong)piece), part, out _);
            part[read..].Clear();
            hasAny |= read > 0;
        }

        if (hasAny || KeepsUnreadable)
        {
            tally.Unreadable += hasAny ? 0UL : 1;
            block.Count++;
            return;
        }

        // No descriptor is written for it, so its bit must go: a page's descriptor is found by counting bits.
        _bits[bit >> 3] = (byte)(_bits[bit >> 3] & ~(1 << (bit & 7)));
        _hasChangedBits = true;
        tally.Selected--;
        tally.Unreadable++;
    }
}
