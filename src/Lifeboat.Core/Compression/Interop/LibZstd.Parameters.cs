using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Interop;

/// <summary>Compression with parameters of one's own (ZSTD_compress2).</summary>
internal static partial class LibZstd
{
    /// <summary>ZSTD_c_windowLog.</summary>
    internal const int ParameterWindowLog = 101;

    // ZSTD_c_compressionLevel.
    private const int ParameterLevel = 100;

    // ZSTD_c_strategy and its first value, the only one that the program has below level 16 (UnusedNative.c).
    private const int ParameterStrategy = 107;
    private const int StrategyFast = 1;
    private const int LowestLevelOfOptimal = 16;

    /// <summary>A context for a level; the caller looks whether it is invalid, for want of memory.</summary>
    internal static ZstdCompressionHandle CreateCompressionContext(int level)
    {
        ZstdCompressionHandle context = CreateCompressionContext();
        if (!context.IsInvalid)
        {
            SetParameter(context, ParameterLevel, level);
            if (level < LowestLevelOfOptimal)
            {
                SetParameter(context, ParameterStrategy, StrategyFast);
            }
        }

        return context;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    internal static partial nuint SetParameter(ZstdCompressionHandle context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress2")]
    internal static unsafe partial nuint CompressWithParameters(
        ZstdCompressionHandle context, byte* target, nuint targetLength, byte* source, nuint sourceLength);
}
