using Lifeboat.Core;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>Kernels that are compressed as a whole.</summary>
internal static class CompressedFile
{
    /// <summary>
    /// What a compressed file of any size may expand to. Larger ones may expand to <see cref="HighestRatio"/> times
    /// their size, which no kernel comes near: a small hostile file cannot ask for much memory.
    /// </summary>
    private const long AlwaysBelieved = 64L << 20;

    private const long HighestRatio = 256;

    /// <summary>The command that made the file: <c>gzip</c>, <c>xz</c>, <c>zstd</c>; null when it is not compressed.</summary>
    internal static string? FormatOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x1f, 0x8b, 0x08, ..] => "gzip",
        [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, ..] => "xz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd",
        _ => null,
    };

    /// <summary>The content of a compressed file.</summary>
    /// <param name="format">As <see cref="FormatOf"/> tells, or <c>lzma</c>.</param>
    /// <param name="packed">The compressed bytes.</param>
    /// <param name="where">What to call them in messages.</param>
    /// <param name="limits">What is believed of their content.</param>
    /// <exception cref="DiagnosticException">They are damaged, or more than is believed.</exception>
    internal static byte[] Unpack(string format, ReadOnlySpan<byte> packed, string where, DumpLimits limits)
    {
        int most = (int)Math.Min(
            Math.Min(limits.MaxDecompressedBytes, Array.MaxLength), AlwaysBelieved + (packed.Length * HighestRatio));
        byte[]? content = format switch
        {
            "gzip" => GzipArchive.Decompress(packed, most),
            "xz" => XzArchive.Decompress(packed, most),
            "zstd" => ZstdArchive.Decompress(packed, most),
            "lzma" => LzmaArchive.Decompress(packed, most),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
        return content ?? throw ImageRefusal.Damaged(
            "The compressed kernel is damaged, or larger than is believed",
            where, $"{packed.Length} bytes of {format}", $"whole {format} data of at most {most} bytes");
    }
}
