using Lifeboat.Core.Hashing;

namespace Lifeboat.Core.Tests.Hashing;

public sealed class Crc32Tests
{
    [Fact]
    public void Gives_the_check_values_that_are_published_for_it()
    {
        Assert.Equal(0u, Crc32.Compute([]));
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));
        Assert.Equal(0x414FA339u, Crc32.Compute("The quick brown fox jumps over the lazy dog"u8));
    }
}
