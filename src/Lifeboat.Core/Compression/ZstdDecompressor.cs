using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Decompresses zstd frames whose size the caller bounds.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class ZstdDecompressor : IDisposable
{
    private readonly ZstdDecompressionHandle _context = LibZstd.CreateDecompressionContext();

    /// <summary>A decompressor.</summary>
    /// <exception cref="KernelInterfaceException">libzstd got no memory for its context.</exception>
    public ZstdDecompressor()
    {
        if (_context.IsInvalid)
        {
            throw new KernelInterfaceException("ZSTD_createDCtx", null, Errno.ENOMEM);
        }
    }

    /// <summary>The size that a frame's header gives for its content; false when it gives none or is no frame.</summary>
    public static unsafe bool TryGetContentSize(ReadOnlySpan<byte> source, out ulong size)
    {
        // Safety: the span is pinned for the call, and its length goes with it.
        fixed (byte* from = source)
        {
            size = LibZstd.GetFrameContentSize(from, (nuint)source.Length);
            return size < ulong.MaxValue - 1;
        }
    }

    /// <summary>Decompresses the frames of <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or -1 when the source is damaged or the result does not fit.</returns>
    public unsafe int Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: both spans are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            nuint written = LibZstd.Decompress(_context, to, (nuint)target.Length, from, (nuint)source.Length);
            return LibZstd.IsError(written) != 0 ? -1 : (int)written;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();
}
