using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Core.Tests.Hashing;

public sealed class HmacSha256Tests
{
    // RFC 4231, 4.2, 4.3 and 4.7.
    [Theory]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData(
        "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    public void The_standard_s_examples_give_the_standard_s_codes(string key, string data, string code) =>
        Assert.Equal(code, Convert.ToHexStringLower(Of(Convert.FromHexString(key), Convert.FromHexString(data))));

    [Fact]
    public void A_key_longer_than_a_block_is_hashed_first() => Assert.Equal(
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        Convert.ToHexStringLower(Of([.. Enumerable.Repeat((byte)0xaa, 131)], "Test Using Larger Than Block-Size Key - Hash Key First"u8.ToArray())));

    [Fact]
    public void Any_key_and_data_give_what_the_runtime_s_own_gives() => Prop.ForAll<byte[], byte[]>((key, data) =>
        Of(key, data).AsSpan().SequenceEqual(HMACSHA256.HashData(key, data))).QuickCheckThrowOnFailure();

    private static byte[] Of(byte[] key, byte[] data)
    {
        using var hmac = new HmacSha256(key);
        hmac.Append(data.AsSpan(0, data.Length / 2));
        hmac.Append(data.AsSpan(data.Length / 2));
        byte[] code = new byte[Sha256.DigestSize];
        hmac.Finish(code);
        return code;
    }
}
