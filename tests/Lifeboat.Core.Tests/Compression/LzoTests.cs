using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Tests.Compression.Oracles;

namespace Lifeboat.Core.Tests.Compression;

public sealed class LzoTests
{
    private readonly LzoCompressor _compressor = new();

    [Theory]
    [InlineData("", "110000")]
    [InlineData("61", "1261110000")]
    [InlineData("616263", "14616263110000")]
    public void Short_blocks_are_literals_and_an_end(string source, string packed) =>
        Assert.Equal(packed, Convert.ToHexStringLower(CodecHarness.Pack(_compressor.Compress, Convert.FromHexString(source))));

    [Fact]
    public void A_page_of_zeros_is_one_long_match()
    {
        byte[] packed = CodecHarness.Pack(_compressor.Compress, new byte[4096]);
        Assert.InRange(packed.Length, 10, 50);
        Assert.Equal(new byte[4096], CodecHarness.Unpack(LzoDecompressor.Decompress, packed, 4096));
    }

    [Theory]
    [InlineData("1561626364110000", "61626364")] // literals only
    [InlineData("1561626364" + "4c00" + "110000", "61626364616263")] // 3 bytes, 4 back
    [InlineData("1561626364" + "0c00" + "110000", null)] // after a run: 2,049 back, before the start
    [InlineData("1561626364" + "2100" + "00" + "110000", "61626364646464")] // 3 bytes, 1 back
    [InlineData("1561626364" + "2000" + "00" + "110000", null)] // the length goes on beyond the end
    [InlineData("1561626364" + "110100", "61626364")] // liblzo does not mind what else the end says
    [InlineData("156162636411000000", null)] // goes on after its end
    [InlineData("1561626364", null)]
    [InlineData("", null)]
    public void Instructions_mean_what_the_format_says(string packed, string? content)
    {
        byte[] target = new byte[100];
        int length = LzoDecompressor.Decompress(Convert.FromHexString(packed), target);
        Assert.Equal(content, length < 0 ? null : Convert.ToHexStringLower(target.AsSpan(0, length)));
    }

    [Fact]
    public void What_is_compressed_comes_back()
    {
        Prop.ForAll<byte[]>(data => CodecHarness.Unpack(
            LzoDecompressor.Decompress, CodecHarness.Pack(_compressor.Compress, data), data.Length).SequenceEqual(data))
            .QuickCheckThrowOnFailure();
        foreach (byte[] page in SamplePages.All())
        {
            byte[] packed = CodecHarness.Pack(_compressor.Compress, page);
            Assert.Equal(page, CodecHarness.Unpack(LzoDecompressor.Decompress, packed, page.Length));
        }
    }

    [Fact]
    public void Nothing_is_written_beyond_the_target() =>
        CodecHarness.KeepsWithinItsTarget(_compressor.Compress, LzoDecompressor.Decompress);

    [Fact]
    public void Twenty_thousand_damaged_streams_end_in_a_value() =>
        CodecHarness.SurvivesDamage(_compressor.Compress, LzoDecompressor.Decompress, 20_000);

    [Fact]
    public void Nothing_is_allocated_per_page() =>
        CodecHarness.AllocatesNothing(_compressor.Compress, LzoDecompressor.Decompress);

    [Fact]
    public void Blocks_around_the_size_of_a_chunk_come_back()
    {
        var random = new Random(3);
        foreach (int length in (int[])[16383, 16384, 16385, 16388, 16399, 16400, 16401, 32768, 32787, 40000])
        {
            // Noise, so that literals go on from one chunk to the next, and a copy at the end of the block.
            byte[] block = new byte[length];
            random.NextBytes(block);
            int copy = random.Next(length - 100, length - 12);
            block.AsSpan(0, Math.Min(40, length - copy)).CopyTo(block.AsSpan(copy));
            byte[] packed = CodecHarness.Pack(_compressor.Compress, block);
            Assert.Equal(block, CodecHarness.Unpack(LzoDecompressor.Decompress, packed, length));
        }
    }

    [Fact]
    public void A_block_becomes_the_same_whatever_came_before_it()
    {
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length is > 0 and <= 4097))
        {
            Assert.Equal(
                CodecHarness.Pack(new LzoCompressor().Compress, page), CodecHarness.Pack(_compressor.Compress, page));
        }
    }

    [Fact]
    public void A_target_with_little_to_spare_is_refused_or_holds_the_block()
    {
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length is > 20 and <= 4097))
        {
            byte[] packed = CodecHarness.Pack(_compressor.Compress, page);
            for (int spare = 0; spare <= 85; spare++)
            {
                byte[] target = new byte[packed.Length + spare];
                int length = _compressor.Compress(page, target);
                Assert.True(length > 0 || spare < 85);
                Assert.True(length == 0
                    || CodecHarness.Unpack(LzoDecompressor.Decompress, target[..length], page.Length).SequenceEqual(page));
            }
        }
    }

    [Fact]
    public void Liblzo_and_this_codec_read_each_other()
    {
        Assert.SkipUnless(LibLzo.IsHere, "liblzo2-2 is not installed");
        foreach (byte[] page in SamplePages.All())
        {
            byte[] ours = CodecHarness.Pack(_compressor.Compress, page);
            Assert.Equal(page, LibLzo.Decompress(ours, page.Length));
            Assert.Equal(page, CodecHarness.Unpack(LzoDecompressor.Decompress, LibLzo.Compress(page), page.Length));
        }
    }

    // They have more matches of four bytes than a kernel's pages, which become smaller: bench/Codecs has the numbers.
    [Fact]
    public void Made_up_pages_become_hardly_larger_than_liblzo_makes_them()
    {
        Assert.SkipUnless(LibLzo.IsHere, "liblzo2-2 is not installed");
        double ours = 0;
        double theirs = 0;
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length == 4096))
        {
            ours += CodecHarness.Pack(_compressor.Compress, page).Length;
            theirs += LibLzo.Compress(page).Length;
        }

        Assert.InRange(ours, 1, theirs * 1.03);
    }

    [Fact]
    public void Liblzo_refuses_what_this_codec_refuses()
    {
        Assert.SkipUnless(LibLzo.IsHere, "liblzo2-2 is not installed");
        CodecHarness.SurvivesDamage(
            _compressor.Compress, LzoDecompressor.Decompress, 20_000, static (bad, room) => LibLzo.Decompress(bad, room));
    }
}
