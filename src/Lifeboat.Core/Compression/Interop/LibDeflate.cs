using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>The few functions of libdeflate that are used; linked statically into the program.</summary>
internal static partial class LibDeflate
{
    /// <summary>LIBDEFLATE_SUCCESS.</summary>
    internal const int Success = 0;

    private const string Library = "libdeflate";

    [LibraryImport(Library, EntryPoint = "libdeflate_alloc_compressor")]
    internal static partial DeflateCompressionHandle CreateCompressor(int level);

    [LibraryImport(Library, EntryPoint = "libdeflate_free_compressor")]
    internal static partial void FreeCompressor(nint compressor);

    [LibraryImport(Library, EntryPoint = "libdeflate_alloc_decompressor")]
    internal static partial DeflateDecompressionHandle CreateDecompressor();

    [LibraryImport(Library, EntryPoint = "libdeflate_free_decompressor")]
    internal static partial void FreeDecompressor(nint decompressor);

    [LibraryImport(Library, EntryPoint = "libdeflate_zlib_compress")]
    internal static unsafe partial nuint CompressZlib(
        DeflateCompressionHandle compressor, byte* source, nuint sourceLength, byte* target, nuint targetLength);

    [LibraryImport(Library, EntryPoint = "libdeflate_gzip_compress_bound")]
    internal static partial nuint GzipBound(DeflateCompressionHandle compressor, nuint sourceLength);

    [LibraryImport(Library, EntryPoint = "libdeflate_gzip_compress")]
    internal static unsafe partial nuint CompressGzip(
        DeflateCompressionHandle compressor, byte* source, nuint sourceLength, byte* target, nuint targetLength);

    [LibraryImport(Library, EntryPoint = "libdeflate_zlib_decompress")]
    internal static unsafe partial int DecompressZlib(
        DeflateDecompressionHandle decompressor,
        byte* source,
        nuint sourceLength,
        byte* target,
        nuint targetLength,
        out nuint written);

    [LibraryImport(Library, EntryPoint = "libdeflate_gzip_decompress")]
    internal static unsafe partial int DecompressGzip(
        DeflateDecompressionHandle decompressor,
        byte* source,
        nuint sourceLength,
        byte* target,
        nuint targetLength,
        out nuint written);
}
