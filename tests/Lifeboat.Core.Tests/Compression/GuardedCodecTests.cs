using Lifeboat.Core.Compression;

namespace Lifeboat.Core.Tests.Compression;

public sealed class GuardedCodecTests : IDisposable
{
    private readonly GuardedMemory _source = new(1 << 17);
    private readonly GuardedMemory _target = new(1 << 18);

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }

    [Fact]
    public void No_codec_touches_a_byte_beyond_its_source_or_its_target()
    {
        using var zstd = new ZstdCompressor(1);
        using var unzstd = new ZstdDecompressor();
        using var zlib = new ZlibCompressor();
        using var unzlib = new ZlibDecompressor();
        Check(new LzoCompressor().Compress, LzoDecompressor.Decompress);
        Check(new SnappyCompressor().Compress, SnappyDecompressor.Decompress);
        Check(zlib.Compress, unzlib.Decompress);
        Check(zstd.Compress, unzstd.Decompress);
    }

    private void Check(CodecHarness.Coder compress, CodecHarness.Coder decompress)
    {
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length <= 1 << 17))
        {
            Span<byte> source = _source.Last(page.Length);
            page.CopyTo(source);
            byte[] packed = CodecHarness.Pack(compress, page);
            foreach (int room in (int[])[packed.Length, packed.Length - 1, packed.Length / 2, Math.Min(packed.Length, 5), 0])
            {
                int length = compress(source, _target.Last(room));
                Assert.InRange(length, 0, room);
            }

            packed.CopyTo(_source.Last(packed.Length));
            Assert.Equal(page.Length, decompress(_source.Last(packed.Length), _target.Last(page.Length)));
            Assert.Equal(page, _target.Last(page.Length).ToArray());
        }
    }
}
