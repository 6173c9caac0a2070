using Lifeboat.Core.Compression;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>Unpacks one page; whatever does not give exactly a page is damaged.</summary>
internal sealed class PageDecoder : IDisposable
{
    private ZstdDecompressor? _zstd;
    private ZlibDecompressor? _zlib;

    /// <summary>Whether a codec can be unpacked.</summary>
    internal static bool Knows(DumpStatus codec) => codec is
        DumpStatus.None or DumpStatus.Zlib or DumpStatus.Lzo or DumpStatus.Snappy or DumpStatus.Zstd;

    internal bool TryDecode(DumpStatus codec, ReadOnlySpan<byte> packed, Span<byte> page)
    {
        switch (codec)
        {
            case DumpStatus.None:
                if (packed.Length != page.Length)
                {
                    return false;
                }

                packed.CopyTo(page);
                return true;
            case DumpStatus.Zstd:
                _zstd ??= new ZstdDecompressor();
                return _zstd.Decompress(packed, page) == page.Length;
            case DumpStatus.Zlib:
                _zlib ??= new ZlibDecompressor();
                return _zlib.Decompress(packed, page) == page.Length;
            case DumpStatus.Lzo:
                return LzoDecompressor.Decompress(packed, page) == page.Length;
            case DumpStatus.Snappy:
                return SnappyDecompressor.Decompress(packed, page) == page.Length;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        _zstd?.Dispose();
        _zlib?.Dispose();
    }
}
