using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into zlib streams (RFC 1950 and 1951), fast rather than small.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para></remarks>
public sealed class ZlibCompressor : IDisposable
{
    // The fastest level whose pages are no larger than those of zlib's level 1, which makedumpfile uses.
    private const int Level = 2;

    private readonly DeflateCompressionHandle _compressor = LibDeflate.CreateCompressor(Level);

    /// <exception cref="KernelInterfaceException">libdeflate got no memory.</exception>
    public ZlibCompressor()
    {
        if (_compressor.IsInvalid)
        {
            throw new KernelInterfaceException("libdeflate_alloc_compressor", null, Errno.ENOMEM);
        }
    }

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public unsafe int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: both spans are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            return (int)LibDeflate.CompressZlib(_compressor, from, (nuint)source.Length, to, (nuint)target.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _compressor.Dispose();
}
