using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using Lifeboat.Core.Compression;

namespace Lifeboat.Core.Tests.Compression;

public sealed class ArchiveTests
{
    private static readonly byte[] Sample = Content(300_000);

    [Fact]
    public void A_gzip_file_comes_back_whatever_follows_it()
    {
        byte[] packed = Gzip(Sample);
        Assert.Equal(Sample, GzipArchive.Decompress(packed, 1 << 20));
        Assert.Equal(Sample, GzipArchive.Decompress([.. packed, 1, 2, 3], 1 << 20));
        Assert.Null(GzipArchive.Decompress(packed, Sample.Length - 1));
    }

    [Fact]
    public void A_lzma_file_comes_back_whatever_follows_it()
    {
        byte[] packed = Lzma(Sample);
        Assert.Equal(Sample, LzmaArchive.Decompress(packed, 1 << 20));
        Assert.Equal(Sample, LzmaArchive.Decompress([.. packed, 1, 2, 3], 1 << 20));
        Assert.Null(LzmaArchive.Decompress(packed, Sample.Length - 1));
    }

    [Fact]
    public void Damaged_files_give_nothing_and_are_not_read_past_their_end()
    {
        using var guarded = new GuardedMemory(1 << 14);
        var random = new Random(3);
        foreach (bool gzip in (bool[])[true, false])
        {
            byte[] packed = gzip ? Gzip(Content(5000)) : Lzma(Content(5000));
            foreach (int length in (int[])[packed.Length - 1, packed.Length / 2, 13, 5, 0])
            {
                Assert.Null(Decompress(packed.AsSpan(0, length)));
            }

            for (int run = 0; run < 500; run++)
            {
                byte[] damaged = (byte[])packed.Clone();
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                Assert.InRange(Decompress(damaged)?.Length ?? 0, 0, 1 << 16);
            }

            byte[]? Decompress(ReadOnlySpan<byte> source)
            {
                Span<byte> last = guarded.Last(source.Length);
                source.CopyTo(last);
                return gzip ? GzipArchive.Decompress(last, 1 << 16) : LzmaArchive.Decompress(last, 1 << 16);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public void What_is_made_gzip_is_read_by_another_reader(int length)
    {
        byte[] content = Content(length);
        using var stream = new GZipStream(new MemoryStream(GzipArchive.Compress(content)), CompressionMode.Decompress);
        using var read = new MemoryStream();
        stream.CopyTo(read);
        Assert.Equal(content, read.ToArray());
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
