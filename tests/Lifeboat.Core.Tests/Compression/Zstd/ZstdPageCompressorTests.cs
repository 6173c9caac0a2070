using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Compression.Zstd;

namespace Lifeboat.Core.Tests.Compression.Zstd;

public sealed class ZstdPageCompressorTests : IDisposable
{
    private readonly ZstdPageCompressor _compressor = new();
    private readonly ZstdDecompressor _decompressor = new();

    [Theory]
    [InlineData("", "28b52ffd" + "2000" + "010000")]
    [InlineData("61", "28b52ffd" + "2001" + "0b0000" + "61")] // one byte, once
    [InlineData("616263", "28b52ffd" + "2003" + "190000" + "616263")] // as it is
    [InlineData("6161616161616161", "28b52ffd" + "2008" + "430000" + "61")] // one byte, repeated
    public void Short_blocks_are_raw_or_one_byte(string source, string packed) =>
        Assert.Equal(packed, Convert.ToHexStringLower(CodecHarness.Pack(_compressor.Compress, Convert.FromHexString(source))));

    [Fact]
    public void What_is_compressed_comes_back()
    {
        Prop.ForAll<byte[]>(data => ComesBack(data)).QuickCheckThrowOnFailure();
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length <= ZstdPageCompressor.MaxSourceLength))
        {
            Assert.True(ComesBack(page));
        }
    }

    [Fact]
    public void Every_length_up_to_300_bytes_comes_back()
    {
        var random = new Random(3);
        for (int length = 0; length <= 300; length++)
        {
            Assert.True(ComesBack(new byte[length]));
            for (int i = 0; i < 12; i++)
            {
                Assert.True(ComesBack(RandomSources.Next(random, length)));
            }
        }
    }

    [Fact]
    public void Twenty_thousand_random_mixes_come_back()
    {
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++)
        {
            int longest = random.Next(50) == 0 ? ZstdPageCompressor.MaxSourceLength : random.Next(3) == 0 ? 9000 : 4096;
            Assert.True(ComesBack(RandomSources.Next(random, 1 + random.Next(longest))));
        }
    }

    [Fact]
    public void The_longest_source_comes_back_and_a_longer_one_is_refused()
    {
        var random = new Random(5);
        for (int i = 0; i < 40; i++)
        {
            Assert.True(ComesBack(RandomSources.Next(random, ZstdPageCompressor.MaxSourceLength - (i & 1))));
        }

        Assert.Throws<ArgumentOutOfRangeException>(
            () => _compressor.Compress(new byte[ZstdPageCompressor.MaxSourceLength + 1], new byte[200_000]));
    }

    [Fact]
    public void Fibonacci_counts_make_codes_that_are_cut_to_the_limit()
    {
        List<byte> source = [];
        for (int symbol = 0, count = 1, before = 1; symbol < 20; symbol++)
        {
            source.AddRange(Enumerable.Repeat((byte)(symbol * 11), count));
            (count, before) = (count + before, count);
        }

        byte[] bytes = [.. source];
        new Random(1).Shuffle(bytes);
        foreach (int length in (int[])[1000, 1500, 4096, bytes.Length])
        {
            Assert.True(ComesBack(bytes[..length]));
        }
    }

    [Fact]
    public void Nothing_is_written_beyond_the_target() =>
        CodecHarness.KeepsWithinItsTarget(_compressor.Compress, _decompressor.Decompress);

    [Fact]
    public void Nothing_is_allocated_per_page() =>
        CodecHarness.AllocatesNothing(_compressor.Compress, _decompressor.Decompress);

    [Fact]
    public void Nothing_of_one_page_shows_in_the_next()
    {
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length == 4096))
        {
            using var another = new ZstdPageCompressor();
            Assert.Equal(CodecHarness.Pack(another.Compress, page), CodecHarness.Pack(_compressor.Compress, page));
        }
    }

    [Fact]
    public void Pages_take_about_what_libzstd_makes_of_them()
    {
        using var libzstd = new ZstdCompressor(level: 1);
        long ours = 0;
        long theirs = 0;
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length == 4096))
        {
            ours += CodecHarness.Pack(_compressor.Compress, page).Length;
            theirs += CodecHarness.Pack(libzstd.Compress, page).Length;
        }

        Assert.True(ours < theirs * 1.02, $"{ours} bytes, libzstd {theirs}");
    }

    [Fact]
    public void The_zstd_tool_tests_and_unpacks_its_frames()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zstd"), "zstd is not installed");
        string path = Path.Join(Path.GetTempPath(), Path.GetRandomFileName() + ".zst");
        byte[][] pages = [.. SamplePages.All().Where(static page => page.Length <= ZstdPageCompressor.MaxSourceLength)];
        try
        {
            // Frames in a row are a file of all their contents.
            File.WriteAllBytes(path, [.. pages.SelectMany(page => CodecHarness.Pack(_compressor.Compress, page))]);
            using var tool = Process.Start(new ProcessStartInfo("/usr/bin/zstd", ["-d", "-c", "-q", path]) { RedirectStandardOutput = true })!;
            using var content = new MemoryStream();
            tool.StandardOutput.BaseStream.CopyTo(content);
            tool.WaitForExit();
            Assert.Equal(0, tool.ExitCode);
            Assert.Equal([.. pages.SelectMany(static page => page)], content.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }

    private bool ComesBack(byte[] data)
    {
        byte[] packed = CodecHarness.Pack(_compressor.Compress, data);
        Assert.True(packed.Length <= data.Length + 10);
        Assert.True(ZstdDecompressor.TryGetContentSize(packed, out ulong size));
        Assert.Equal((ulong)data.Length, size);
        return CodecHarness.Unpack(_decompressor.Decompress, packed, data.Length).AsSpan().SequenceEqual(data);
    }
}
