using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>Compression with parameters of one's own (ZSTD_compress2).</summary>
internal static partial class LibZstd
{
    /// <summary>ZSTD_c_compressionLevel.</summary>
    internal const int ParameterLevel = 100;

    /// <summary>ZSTD_c_windowLog.</summary>
    internal const int ParameterWindowLog = 101;

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    internal static partial nuint SetParameter(ZstdCompressionHandle context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress2")]
    internal static unsafe partial nuint CompressWithParameters(
        ZstdCompressionHandle context, byte* target, nuint targetLength, byte* source, nuint sourceLength);
}
