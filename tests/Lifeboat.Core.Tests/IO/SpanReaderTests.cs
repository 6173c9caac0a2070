using Lifeboat.Core.IO;

namespace Lifeboat.Core.Tests.IO;

public sealed class SpanReaderTests
{
    [Fact]
    public void Reads_little_endian_values_in_order()
    {
        var reader = new SpanReader([1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(1, reader.ReadByte());
        Assert.Equal(2, reader.ReadUInt16());
        Assert.Equal(3U, reader.ReadUInt32());
        Assert.Equal(4UL, reader.ReadUInt64());
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Refuses_to_read_beyond_the_end(int count)
    {
        byte[] bytes = [1, 2];
        Assert.Throws<EndOfStreamException>(() => new SpanReader(bytes).ReadBytes(count));
    }
}
