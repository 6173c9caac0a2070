namespace Lifeboat.Vmcore.Writing;

/// <summary>How the pages of a dump are packed.</summary>
public enum DumpCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>zlib, which every tool reads; makedumpfile's <c>-c</c>.</summary>
    Zlib,

    /// <summary>LZO1X-1; makedumpfile's <c>-l</c>.</summary>
    Lzo,

    /// <summary>Snappy; makedumpfile's <c>-p</c>.</summary>
    Snappy,

    /// <summary>Zstandard, smaller than the others and as fast; makedumpfile's <c>-z</c>.</summary>
    Zstd,
}
