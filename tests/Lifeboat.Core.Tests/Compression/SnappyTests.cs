using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Tests.Compression.Oracles;

namespace Lifeboat.Core.Tests.Compression;

public sealed class SnappyTests
{
    private readonly SnappyCompressor _compressor = new();

    [Theory]
    [InlineData("", "00")]
    [InlineData("61", "010061")]
    [InlineData("616263", "0308616263")]
    public void Short_blocks_are_one_literal(string source, string packed) =>
        Assert.Equal(packed, Convert.ToHexStringLower(CodecHarness.Pack(_compressor.Compress, Convert.FromHexString(source))));

    [Theory]
    [InlineData("070c61626364" + "0604" + "00", null)] // 2 bytes only: a byte is missing
    [InlineData("070c61626364" + "0a0400", "61626364616263")] // 3 bytes, 4 back
    [InlineData("080c61626364" + "0104", "6162636461626364")] // 4 bytes, 4 back
    [InlineData("080c61626364" + "0f01000000", "6162636464646464")] // 4 bytes, 1 back, a distance of 4 bytes
    [InlineData("080c61626364" + "0f01000080", null)]
    [InlineData("080c61626364" + "0105", null)] // before the start
    [InlineData("080c61626364" + "0100", null)] // 0 back
    [InlineData("030861626364", null)] // a byte too many
    [InlineData("ffffffff0f0061", null)] // 4 GiB promised
    [InlineData("ffffffffff", null)]
    [InlineData("", null)]
    [InlineData("01fcffffffff61", null)] // a literal of 4 GiB
    public void Elements_mean_what_the_format_says(string packed, string? content)
    {
        byte[] target = new byte[100];
        int length = SnappyDecompressor.Decompress(Convert.FromHexString(packed), target);
        Assert.Equal(content, length < 0 ? null : Convert.ToHexStringLower(target.AsSpan(0, length)));
    }

    [Fact]
    public void What_is_compressed_comes_back()
    {
        Prop.ForAll<byte[]>(data => CodecHarness.Unpack(
            SnappyDecompressor.Decompress, CodecHarness.Pack(_compressor.Compress, data), data.Length).SequenceEqual(data))
            .QuickCheckThrowOnFailure();
        foreach (byte[] page in SamplePages.All())
        {
            byte[] packed = CodecHarness.Pack(_compressor.Compress, page);
            Assert.Equal(page, CodecHarness.Unpack(SnappyDecompressor.Decompress, packed, page.Length));
        }
    }

    [Fact]
    public void Nothing_is_written_beyond_the_target() =>
        CodecHarness.KeepsWithinItsTarget(_compressor.Compress, SnappyDecompressor.Decompress);

    [Fact]
    public void Twenty_thousand_damaged_blocks_end_in_a_value() =>
        CodecHarness.SurvivesDamage(_compressor.Compress, SnappyDecompressor.Decompress, 20_000);

    [Fact]
    public void Nothing_is_allocated_per_page() =>
        CodecHarness.AllocatesNothing(_compressor.Compress, SnappyDecompressor.Decompress);

    [Fact]
    public void Libsnappy_and_this_codec_read_each_other()
    {
        Assert.SkipUnless(LibSnappy.IsHere, "libsnappy1v5 is not installed");
        long ourBytes = 0;
        long theirBytes = 0;
        foreach (byte[] page in SamplePages.All())
        {
            byte[] ours = CodecHarness.Pack(_compressor.Compress, page);
            byte[] theirs = LibSnappy.Compress(page);
            Assert.Equal(page, LibSnappy.Decompress(ours, page.Length));
            Assert.Equal(page, CodecHarness.Unpack(SnappyDecompressor.Decompress, theirs, page.Length));
            if (page.Length <= 4096)
            {
                ourBytes += ours.Length;
                theirBytes += theirs.Length;
            }
        }

        Assert.InRange(ourBytes, 0, theirBytes);
    }

    [Fact]
    public void Libsnappy_refuses_what_this_codec_refuses()
    {
        Assert.SkipUnless(LibSnappy.IsHere, "libsnappy1v5 is not installed");
        CodecHarness.SurvivesDamage(
            _compressor.Compress, SnappyDecompressor.Decompress, 20_000,
            static (bad, room) => LibSnappy.Decompress(bad, room));
    }
}
