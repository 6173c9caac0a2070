using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Decompresses zlib streams (RFC 1950 and 1951) whose size the caller bounds, whatever they hold.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class ZlibDecompressor : IDisposable
{
    private readonly DeflateDecompressionHandle _decompressor = LibDeflate.CreateDecompressor();

    /// <exception cref="KernelInterfaceException">libdeflate got no memory.</exception>
    public ZlibDecompressor()
    {
        if (_decompressor.IsInvalid)
        {
            throw new KernelInterfaceException("libdeflate_alloc_decompressor", null, Errno.ENOMEM);
        }
    }

    /// <summary>Decompresses the whole of <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or -1 when the source is damaged or does not fit.</returns>
    public unsafe int Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: both spans are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            int result = LibDeflate.DecompressZlib(
                _decompressor, from, (nuint)source.Length, to, (nuint)target.Length, out nuint written);
            return result == LibDeflate.Success ? (int)written : -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decompressor.Dispose();
}
