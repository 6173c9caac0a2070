using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using Lifeboat.Core.Compression;

namespace Lifeboat.Core.Tests.Compression;

public sealed class ArchiveTests
{
    private static readonly byte[] s_content = Content(300_000);

    [Fact]
    public void A_gzip_file_comes_back_whatever_follows_it()
    {
        byte[] packed = Gzip(s_content);
        Assert.Equal(s_content, GzipArchive.Decompress(packed, 1 << 20));
        Assert.Equal(s_content, GzipArchive.Decompress([.. packed, 1, 2, 3], 1 << 20));
        Assert.Null(GzipArchive.Decompress(packed, s_content.Length - 1));
    }

    [Fact]
    public void A_lzma_file_comes_back_whatever_follows_it()
    {
        byte[] packed = Lzma(s_content);
        Assert.Equal(s_content, LzmaArchive.Decompress(packed, 1 << 20));
        Assert.Equal(s_content, LzmaArchive.Decompress([.. packed, 1, 2, 3], 1 << 20));
        Assert.Null(LzmaArchive.Decompress(packed, s_content.Length - 1));
    }

    [Fact]
    public void Damaged_files_give_nothing()
    {
        var random = new Random(3);
        (byte[] Packed, Func<ReadOnlyMemory<byte>, byte[]?> Decompress)[] kinds =
        [
            (Gzip(Content(5000)), packed => GzipArchive.Decompress(packed.Span, 1 << 16)),
            (Lzma(Content(5000)), packed => LzmaArchive.Decompress(packed.Span, 1 << 16)),
        ];
        foreach ((byte[] packed, Func<ReadOnlyMemory<byte>, byte[]?> decompress) in kinds)
        {
            Assert.Null(decompress(packed.AsMemory(0, packed.Length - 1)));
            Assert.Null(decompress(packed.AsMemory(0, 5)));
            Assert.Null(decompress(default));
            for (int run = 0; run < 500; run++)
            {
                byte[] damaged = (byte[])packed.Clone();
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                Assert.InRange(decompress(damaged)?.Length ?? 0, 0, 1 << 16);
            }
        }
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content.AsSpan(0, length / 2));
        return content;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    private static byte[] Lzma(byte[] content)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("xz", ["--format=lzma", "-c"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Task writing = Task.Run(() =>
            {
                process.StandardInput.BaseStream.Write(content);
                process.StandardInput.Close();
            });
            using var packed = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(packed);
            process.WaitForExit();
            writing.Wait();
            return packed.ToArray();
        }
        catch (Win32Exception)
        {
            Assert.Skip("xz is not installed");
            throw;
        }
    }
}
