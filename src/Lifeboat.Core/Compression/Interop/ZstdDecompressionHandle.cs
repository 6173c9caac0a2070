using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>Owns one decompression context of libzstd.</summary>
internal sealed class ZstdDecompressionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibZstd.IsError(LibZstd.FreeDecompressionContext(handle)) == 0;
}
