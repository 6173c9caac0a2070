using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>Owns one compression context of libzstd.</summary>
internal sealed class ZstdCompressionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LibZstd.IsError(LibZstd.FreeCompressionContext(handle)) == 0;
}
