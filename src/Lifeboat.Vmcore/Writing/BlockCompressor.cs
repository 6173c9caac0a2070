using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Compresses the pages of a block, each on its own; one a thread.</summary>
internal sealed class BlockCompressor(DumpWriteOptions options) : IDisposable
{
    private readonly PageEncoder _encoder = new(options.Codec, options.CompressionLevel);
    private readonly bool _sharesZeroPages = options.Level.HasFlag(DumpLevel.Zero);

    internal void Compress(PageBlock block)
    {
        Span<byte> space = block.PackedSpace;
        int position = 0;
        for (int i = 0; i < block.Count; i++)
        {
            ReadOnlySpan<byte> page = block.Page(i);
            if (_sharesZeroPages && !page.ContainsAnyExcept((byte)0))
            {
                block.Lengths[i] = 0;
                continue;
            }

            // A page that does not get smaller is stored as it is. There is always room: no page takes more than a
            // page.
            int length = _encoder.Encode(page, space.Slice(position, Pfn.PageSize - 1));
            if (length == 0)
            {
                page.CopyTo(space[position..]);
                length = Pfn.PageSize;
            }

            block.Lengths[i] = length;
            position += length;
        }

        block.PackedLength = position;
    }

    public void Dispose() => _encoder.Dispose();
}
