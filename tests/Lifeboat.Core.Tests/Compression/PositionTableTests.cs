using Lifeboat.Core.Compression;

namespace Lifeboat.Core.Tests.Compression;

public sealed class PositionTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(1 << 14)]
    public void Every_entry_is_cleared_and_nothing_beside_them(int length)
    {
        ushort[] table = new ushort[length + 2];
        Array.Fill(table, ushort.MaxValue);
        PositionTable.Clear(table.AsSpan(1, length));
        Assert.False(table.AsSpan(1, length).ContainsAnyExcept((ushort)0));
        Assert.Equal(ushort.MaxValue, table[0]);
        Assert.Equal(ushort.MaxValue, table[^1]);
    }
}
