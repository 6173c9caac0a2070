using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Compression;

namespace Lifeboat.Core.Tests.Compression;

public sealed class ZstdTests
{
    [Fact]
    public void What_is_compressed_comes_back()
    {
        using var compressor = new ZstdCompressor(level: 3);
        using var decompressor = new ZstdDecompressor();
        Prop.ForAll<byte[]>(data =>
        {
            byte[] packed = new byte[ZstdCompressor.MaxCompressedLength(data.Length)];
            int length = compressor.Compress(data, packed);
            byte[] back = new byte[data.Length];
            return decompressor.Decompress(packed.AsSpan(0, length), back) == data.Length && back.SequenceEqual(data);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_target_too_small_gives_zero_and_a_damaged_frame_minus_one()
    {
        using var compressor = new ZstdCompressor(level: 3);
        using var decompressor = new ZstdDecompressor();
        byte[] noise = new byte[4096];
        new Random(1).NextBytes(noise);
        Assert.Equal(0, compressor.Compress(noise, new byte[100]));
        Assert.Equal(-1, decompressor.Decompress(noise, new byte[4096]));
    }
}
