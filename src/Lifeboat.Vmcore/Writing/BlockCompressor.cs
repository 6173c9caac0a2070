using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Packs pages, each on its own, into blocks; one a thread.</summary>
internal sealed class BlockCompressor(DumpWriteOptions options) : IDisposable
{
    private readonly PageEncoder _encoder = new(options.Codec, options.CompressionLevel);
    private readonly bool _sharesZeroPages = options.Level.HasFlag(DumpLevel.Zero);
    private byte[]? _zeros;

    /// <summary>Whether every page is stored as it is.</summary>
    internal bool IsStoring { get; } = options.Codec == DumpStatus.None;

    /// <summary>Packs a page, which may lie in the block's free bytes when pages are stored as they are.</summary>
    internal void Add(PageBlock block, ReadOnlySpan<byte> page)
    {
        if (!page.ContainsAnyExcept((byte)0))
        {
            AddZeros(block, page);
            return;
        }

        AddPacked(block, page);
    }

    public void Dispose() => _encoder.Dispose();

    private void AddPacked(PageBlock block, ReadOnlySpan<byte> page)
    {
        // A page that does not get smaller is stored as it is.
        Span<byte> free = block.Free;
        int length = _encoder.Encode(page, free[..(Pfn.PageSize - 1)]);
        if (length == 0)
        {
            if (!Unsafe.AreSame(ref MemoryMarshal.GetReference(page), ref MemoryMarshal.GetReference(free)))
            {
                page.CopyTo(free);
            }

            length = Pfn.PageSize;
        }

        block.Add(length);
    }

    private void AddZeros(PageBlock block, ReadOnlySpan<byte> page)
    {
        if (_sharesZeroPages)
        {
            block.Add(0);
        }
        else if (_zeros is null)
        {
            // All pages of zeros pack to the same bytes: once is enough.
            int start = block.PackedLength;
            AddPacked(block, page);
            _zeros = block.Packed[start..].ToArray();
        }
        else
        {
            _zeros.CopyTo(block.Free);
            block.Add(_zeros.Length);
        }
    }
}
