using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks with zstd, each a frame of its own.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para></remarks>
public sealed class ZstdCompressor : IDisposable
{
    private readonly ZstdCompressionHandle _context;

    /// <summary>A compressor at zstd's <paramref name="level"/>: 1 fastest, 19 smallest.</summary>
    /// <exception cref="KernelInterfaceException">libzstd got no memory for its context.</exception>
    public ZstdCompressor(int level)
    {
        _context = LibZstd.CreateCompressionContext(level);
        if (_context.IsInvalid)
        {
            throw new KernelInterfaceException("ZSTD_createCCtx", null, Errno.ENOMEM);
        }
    }

    /// <summary>The most bytes that compressing <paramref name="sourceLength"/> bytes can give.</summary>
    public static int MaxCompressedLength(int sourceLength) => checked((int)LibZstd.CompressBound((nuint)sourceLength));

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public unsafe int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: both spans are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            nuint written = LibZstd.CompressWithParameters(
                _context, to, (nuint)target.Length, from, (nuint)source.Length);
            return LibZstd.IsError(written) != 0 ? 0 : (int)written;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
