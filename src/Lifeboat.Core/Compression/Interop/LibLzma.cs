using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>The few functions of liblzma that are used; linked statically into the program.</summary>
internal static partial class LibLzma
{
    /// <summary>LZMA_OK.</summary>
    internal const int Ok = 0;

    /// <summary>LZMA_STREAM_END: all is decoded.</summary>
    internal const int StreamEnd = 1;

    /// <summary>LZMA_BUF_ERROR: the target is too small (a truncated source is a data error).</summary>
    internal const int BufferTooSmall = 10;

    /// <summary>LZMA_FINISH: there is no input after this.</summary>
    internal const int Finish = 3;

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

    [LibraryImport(Library, EntryPoint = "lzma_alone_decoder")]
    internal static unsafe partial int StartAloneDecoder(LzmaStream* stream, ulong memoryLimit);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    internal static unsafe partial int Code(LzmaStream* stream, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    internal static unsafe partial void End(LzmaStream* stream);
}
