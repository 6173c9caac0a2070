using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Tests.Compression.Oracles;

namespace Lifeboat.Core.Tests.Compression;

public sealed class ZlibTests : IDisposable
{
    private readonly ZlibCompressor _compressor = new();
    private readonly ZlibDecompressor _decompressor = new();

    public void Dispose()
    {
        _compressor.Dispose();
        _decompressor.Dispose();
    }

    [Theory]
    [InlineData("789c030000000001", "")]
    [InlineData("78014b040000620062", "61")] // the fixed code
    [InlineData("7801010100feff6100620062", "61")] // stored
    [InlineData("7801010100feff6100620063", null)] // the sum is wrong
    [InlineData("7801010100ffff6100620062", null)] // the lengths disagree
    [InlineData("7801070000000001", null)] // a kind of block that is none
    [InlineData("7901030000000001", null)]
    [InlineData("78bb030000000001", null)] // wants a dictionary
    [InlineData("78", null)]
    public void Streams_mean_what_the_format_says(string packed, string? content)
    {
        byte[] target = new byte[100];
        int length = _decompressor.Decompress(Convert.FromHexString(packed), target);
        Assert.Equal(content, length < 0 ? null : Convert.ToHexStringLower(target.AsSpan(0, length)));
    }

    [Fact]
    public void What_is_compressed_comes_back_here_and_elsewhere()
    {
        Prop.ForAll<byte[]>(data =>
        {
            byte[] packed = CodecHarness.Pack(_compressor.Compress, data);
            return CodecHarness.Unpack(_decompressor.Decompress, packed, data.Length).SequenceEqual(data)
                && ZlibStreams.Decompress(packed)!.SequenceEqual(data);
        }).QuickCheckThrowOnFailure();
        foreach (byte[] page in SamplePages.All())
        {
            byte[] packed = CodecHarness.Pack(_compressor.Compress, page);
            Assert.Equal(page, CodecHarness.Unpack(_decompressor.Decompress, packed, page.Length));
            Assert.Equal(page, ZlibStreams.Decompress(packed));
        }
    }

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void What_others_compress_is_read(CompressionLevel level)
    {
        // Of nothing the framework's stream makes nothing, not even a header.
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length > 0))
        {
            byte[] packed = ZlibStreams.Compress(page, level);
            Assert.Equal(page, CodecHarness.Unpack(_decompressor.Decompress, packed, page.Length));
        }
    }

    [Fact]
    public void Nothing_is_written_beyond_the_target() =>
        CodecHarness.KeepsWithinItsTarget(_compressor.Compress, _decompressor.Decompress);

    [Fact]
    public void Twenty_thousand_damaged_streams_end_in_a_value() =>
        CodecHarness.SurvivesDamage(_compressor.Compress, _decompressor.Decompress, 20_000);

    [Fact]
    public void Nothing_is_allocated_per_page() =>
        CodecHarness.AllocatesNothing(_compressor.Compress, _decompressor.Decompress);
}
