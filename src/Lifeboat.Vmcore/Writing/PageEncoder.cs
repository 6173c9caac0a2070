using Lifeboat.Core.Compression;
using Lifeboat.Core.Compression.Zstd;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Packs pages with one codec; one a thread.</summary>
internal sealed class PageEncoder : IDisposable
{
    private readonly ZstdPageCompressor? _pages;
    private readonly ZstdCompressor? _zstd;
    private readonly ZlibCompressor? _zlib;
    private readonly LzoCompressor? _lzo;
    private readonly SnappyCompressor? _snappy;

    internal PageEncoder(DumpStatus codec, int level)
    {
        switch (codec)
        {
            case DumpStatus.Zstd when level == 1:
                _pages = new ZstdPageCompressor();
                break;
            case DumpStatus.Zstd:
                _zstd = new ZstdCompressor(level);
                break;
            case DumpStatus.Zlib:
                _zlib = new ZlibCompressor();
                break;
            case DumpStatus.Lzo:
                _lzo = new LzoCompressor();
                break;
            case DumpStatus.Snappy:
                _snappy = new SnappyCompressor();
                break;
            default:
                break;
        }
    }

    /// <summary>Packs a page; 0 when it does not fit the target.</summary>
    internal int Encode(ReadOnlySpan<byte> page, Span<byte> target) =>
        _pages is not null ? _pages.Compress(page, target)
        : _zstd is not null ? _zstd.Compress(page, target)
        : _lzo is not null ? _lzo.Compress(page, target)
        : _snappy is not null ? _snappy.Compress(page, target)
        : _zlib is not null ? _zlib.Compress(page, target)
        : 0;

    public void Dispose()
    {
        _pages?.Dispose();
        _zstd?.Dispose();
        _zlib?.Dispose();
    }
}
