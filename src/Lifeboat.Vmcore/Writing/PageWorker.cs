using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Reads and packs the pages of blocks; one a thread.</summary>
/// <param name="source">The dump; this thread's own, or all threads' when there is a gate.</param>
/// <param name="gate">Held while reading from a source that other threads read too; null when they do not.</param>
/// <param name="options">How pages are packed.</param>
/// <param name="unreadable">What becomes of pages that cannot be read.</param>
internal sealed class PageWorker(DumpSource source, object? gate, DumpWriteOptions options, UnreadablePages unreadable)
    : IDisposable
{
    private const int PieceSize = 512;
    private const int PagesAtOnce = 32;

    private readonly BlockCompressor _compressor = new(options);
    private readonly NativeBuffer _scratch = new(PagesAtOnce * Pfn.PageSize);
    private readonly DumpEraser? _eraser = options.Eraser;
    private readonly byte[] _erased = new byte[options.Eraser is null ? 0 : Pfn.PageSize];

    /// <summary>Does a block; every page it wants is packed afterwards, or noted as unreadable.</summary>
    internal void Process(PageBlock block)
    {
        foreach (PageRun run in block.Runs)
        {
            int done = 0;
            while (done < run.Count)
            {
                done += Add(block, run.Start + (ulong)done, run.Count - done);
            }
        }
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _scratch.Dispose();
    }

    private int Add(PageBlock block, ulong start, int count)
    {
        PhysicalAddress address = new Pfn(start).Address;
        MemoryFault fault = MemoryFault.None;
        ReadOnlySpan<byte> bytes = gate is null && !source.ReadsFaster
            ? source.View(address, count * Pfn.PageSize) : default;
        if (bytes.Length < Pfn.PageSize)
        {
            // Not mapped, or a page that lies in two windows of the file. What is stored as it is goes right to its place.
            int pages = bytes.IsEmpty ? Math.Min(count, PagesAtOnce) : 1;
            Span<byte> target = (_compressor.IsStoring ? block.Free : _scratch.Span)[..(pages * Pfn.PageSize)];
            bytes = target[..Read(address, target, out fault)];
        }

        int whole = bytes.Length / Pfn.PageSize;
        for (int i = 0; i < whole; i++)
        {
            Pack(block, start + (ulong)i, bytes.Slice(i * Pfn.PageSize, Pfn.PageSize));
        }

        if (fault == MemoryFault.None)
        {
            return whole;
        }

        AddDamaged(block, new Pfn(start + (ulong)whole), fault);
        return whole + 1;
    }

    private void Pack(PageBlock block, ulong pfn, ReadOnlySpan<byte> page) =>
        _compressor.Add(block, _eraser is null ? page : _eraser.Clean(new Pfn(pfn).Address, page, _erased));

    private int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        if (gate is null)
        {
            return source.Read(address, destination, out fault);
        }

        lock (gate)
        {
            return source.Read(address, destination, out fault);
        }
    }

    /// <summary>A page that cannot be read as a whole: RAM may begin or end within it.</summary>
    private void AddDamaged(PageBlock block, Pfn pfn, MemoryFault fault)
    {
        Span<byte> page = _scratch.Span[..Pfn.PageSize];
        page.Clear();
        bool hasAny = false;
        for (int piece = 0; fault.Reason == MemoryFaultReason.Unmapped && piece < Pfn.PageSize; piece += PieceSize)
        {
            Span<byte> part = page.Slice(piece, PieceSize);
            int read = Read(pfn.Address + new ByteCount((ulong)piece), part, out _);
            part[read..].Clear();
            hasAny |= read > 0;
        }

        if (hasAny)
        {
            Pack(block, pfn.Value, page);
            return;
        }

        block.Unreadable.Add(pfn.Value);
        if (unreadable != UnreadablePages.Dropped)
        {
            block.Add(unreadable == UnreadablePages.Zeros ? 0 : PageBlock.Missing);
        }
    }
}
