using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>The one function of liblzma that is used; linked statically into the program.</summary>
internal static partial class LibLzma
{
    /// <summary>LZMA_OK.</summary>
    internal const int Ok = 0;

    /// <summary>LZMA_BUF_ERROR: the target is too small (a truncated source is a data error).</summary>
    internal const int BufferTooSmall = 10;

    private const string Library = "liblzma";

    [LibraryImport(Library, EntryPoint = "lzma_stream_buffer_decode")]
    internal static unsafe partial int Decode(
        ulong* memoryLimit,
        uint flags,
        nint allocator,
        byte* source,
        nuint* sourcePosition,
        nuint sourceLength,
        byte* target,
        nuint* targetPosition,
        nuint targetLength);
}
