using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>Owns a decompressor of libdeflate.</summary>
internal sealed class DeflateDecompressionHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibDeflate.FreeDecompressor(handle);
        return true;
    }
}
