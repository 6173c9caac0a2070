using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.IO;

namespace Lifeboat.Core.Tests.IO;

public sealed class SpanWriterTests
{
    [Fact]
    public void Writes_little_endian_values_in_order()
    {
        byte[] bytes = new byte[31];
        var writer = new SpanWriter(bytes);
        writer.WriteByte(1);
        writer.WriteUInt16(0x0203);
        writer.WriteUInt32(0x0405_0607);
        writer.WriteInt32(-2);
        writer.WriteUInt64(0x0809_0A0B_0C0D_0E0F);
        writer.WriteInt64(-3);
        writer.WriteBytes([0xAA, 0xBB, 0xCC, 0xDD]);
        Assert.Equal(31, writer.Position);
        Assert.Equal("01" + "0302" + "07060504" + "FEFFFFFF" + "0F0E0D0C0B0A0908" + "FDFFFFFFFFFFFFFF" + "AABBCCDD", Convert.ToHexString(
            bytes));
    }

    [Fact]
    public void What_is_written_is_what_the_reader_reads() =>
        Prop.ForAll<byte, ushort, ulong>((first, second, third) =>
        {
            byte[] bytes = new byte[15];
            var writer = new SpanWriter(bytes);
            writer.WriteByte(first);
            writer.WriteUInt16(second);
            writer.WriteUInt64(third);
            writer.WriteUInt32((uint)third);
            var reader = new SpanReader(bytes);
            return reader.ReadByte() == first && reader.ReadUInt16() == second && reader.ReadUInt64() == third
                && reader.ReadUInt32() == (uint)third;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", "000000000000")]
    [InlineData("abc", "616263000000")]
    [InlineData("abcdef", "616263646566")]
    [InlineData("abcdefgh", "616263646566")]
    [InlineData("äöü", "C3A4C3B6C3BC")]
    public void Text_is_padded_or_cut_and_clears_what_was_there(string text, string expected)
    {
        byte[] bytes = [1, 1, 1, 1, 1, 1, 7];
        var writer = new SpanWriter(bytes);
        writer.WritePaddedText(text, 6);
        Assert.Equal(expected + "07", Convert.ToHexString(bytes));
    }

    [Fact]
    public void A_full_span_takes_nothing_and_is_not_changed()
    {
        byte[] bytes = [1, 2, 3];
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpanWriter(bytes).WriteUInt32(7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpanWriter(bytes).WriteBytes(new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpanWriter(bytes).WritePaddedText("", 4));
        Assert.Equal([1, 2, 3], bytes);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void The_cursor_stays_within_the_span(int position) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new SpanWriter(new byte[3]);
            writer.Position = position;
        });

    [Fact]
    public void The_cursor_may_go_back_and_to_the_very_end()
    {
        byte[] bytes = new byte[3];
        var writer = new SpanWriter(bytes) { Position = 2 };
        writer.WriteByte(9);
        writer.Position = 0;
        writer.WriteByte(8);
        Assert.Equal([8, 0, 9], bytes);
        writer.Position = 3;
        Assert.Equal(3, writer.Position);
    }
}
