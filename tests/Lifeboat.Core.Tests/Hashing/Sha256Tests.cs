using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Core.Tests.Hashing;

public sealed class Sha256Tests
{
    [Fact]
    public void The_standard_s_example_gives_the_standard_s_digest() =>
        Assert.Equal(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            Convert.ToHexStringLower(Sha256.HashData("abc"u8)));

    [Fact]
    public void Any_split_of_any_length_gives_what_the_runtime_s_own_gives()
    {
        for (int length = 0; length < 300; length++)
        {
            byte[] data = new byte[length];
            new Random(length).NextBytes(data);
            var hash = new Sha256();
            int cut = length / 3;
            hash.Append(data.AsSpan(0, cut));
            hash.Append(data.AsSpan(cut));
            Assert.Equal(SHA256.HashData(data), hash.Finish());
        }
    }

    [Fact]
    public void A_stream_hashes_like_its_bytes() =>
        Prop.ForAll<byte[]>(data => Sha256.HashData(new MemoryStream(data)).AsSpan().SequenceEqual(SHA256.HashData(data)))
            .QuickCheckThrowOnFailure();
}
