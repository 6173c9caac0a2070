using System.IO.Compression;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Compresses by the tools that people use.</summary>
internal static class Packed
{
    internal static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    /// <summary>What a command that compresses its standard input makes; a test without it is skipped.</summary>
    internal static byte[] By(string command, byte[] content, params string[] arguments) =>
        Tool.Filter(command, content, arguments);
}
