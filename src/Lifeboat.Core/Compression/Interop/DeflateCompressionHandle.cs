using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>Owns a compressor of libdeflate.</summary>
internal sealed class DeflateCompressionHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibDeflate.FreeCompressor(handle);
        return true;
    }
}
