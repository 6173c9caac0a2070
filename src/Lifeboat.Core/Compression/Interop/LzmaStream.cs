using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>The state of a coder of liblzma (<c>lzma_stream</c>, lzma/base.h), 136 bytes; all zero before the first use.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LzmaStream
{
    internal byte* NextIn;
    internal nuint AvailableIn;
    internal ulong TotalIn;
    internal byte* NextOut;
    internal nuint AvailableOut;
    internal ulong TotalOut;
    private readonly nint _allocator;
    private readonly nint _internal;
    private fixed ulong _reserved[9];
}
