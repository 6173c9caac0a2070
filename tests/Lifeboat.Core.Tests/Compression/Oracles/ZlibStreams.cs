using System.IO.Compression;

namespace Lifeboat.Core.Tests.Compression.Oracles;

/// <summary>The framework's zlib.</summary>
internal static class ZlibStreams
{
    internal static byte[] Compress(ReadOnlySpan<byte> source, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level, leaveOpen: true))
        {
            zlib.Write(source);
        }

        return packed.ToArray();
    }

    /// <summary>What is decompressed, or null when it is damaged.</summary>
    internal static byte[]? Decompress(byte[] source)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(source), CompressionMode.Decompress);
            using var target = new MemoryStream();
            zlib.CopyTo(target);
            return target.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
