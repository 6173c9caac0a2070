using System.IO.Compression;
using Lifeboat.Core.Compression;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>Unpacks one page; whatever does not give exactly a page is damaged.</summary>
internal sealed class PageDecoder : IDisposable
{
    private ZstdDecompressor? _zstd;

    /// <summary>Whether a codec can be unpacked.</summary>
    internal static bool Knows(DumpStatus codec) => codec is DumpStatus.None or DumpStatus.Zlib or DumpStatus.Zstd;

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
                return TryInflate(packed, page);
            default:
                return false;
        }
    }

    public void Dispose() => _zstd?.Dispose();

    private static bool TryInflate(ReadOnlySpan<byte> packed, Span<byte> page)
    {
        try
        {
            using var source = new MemoryStream(packed.ToArray(), writable: false);
            using var zlib = new ZLibStream(source, CompressionMode.Decompress);
            return zlib.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) == page.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
