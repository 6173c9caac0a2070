namespace Lifeboat.Core.Hashing;

/// <summary>HMAC-SHA-256 (RFC 2104), computed a piece at a time.</summary>
/// <remarks>
/// <para><b>Ownership.</b> What it knows of the key is overwritten by <see cref="Finish"/>, or by <see cref="Dispose"/> before that.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class HmacSha256 : IDisposable
{
    private const int BlockSize = 64;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;

    private readonly Sha256 _inner = new();
    private readonly Sha256 _outer = new();

    /// <summary>A code under a key of any length.</summary>
    public HmacSha256(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        block.Clear();
        if (key.Length > BlockSize)
        {
            byte[] digest = Sha256.HashData(key);
            digest.CopyTo(block);
            digest.AsSpan().Clear();
        }
        else
        {
            key.CopyTo(block);
        }

        Mask(block, InnerPad);
        _inner.Append(block);
        Mask(block, InnerPad ^ OuterPad);
        _outer.Append(block);
        block.Clear();
    }

    /// <summary>Adds <paramref name="data"/> to what the code is of.</summary>
    public void Append(ReadOnlySpan<byte> data) => _inner.Append(data);

    /// <summary>Ends the code and writes its 32 bytes. The object is not used afterwards.</summary>
    /// <exception cref="ArgumentException">The target is shorter than <see cref="Sha256.DigestSize"/>.</exception>
    public void Finish(Span<byte> target)
    {
        if (target.Length < Sha256.DigestSize)
        {
            throw new ArgumentException("a code has 32 bytes", nameof(target));
        }

        byte[] inner = _inner.Finish();
        _outer.Append(inner);
        byte[] digest = _outer.Finish();
        digest.CopyTo(target);
        digest.AsSpan().Clear();
        inner.AsSpan().Clear();
        Dispose();
    }

    /// <summary>Overwrites what is left of the key.</summary>
    public void Dispose()
    {
        _inner.Clear();
        _outer.Clear();
    }

    private static void Mask(Span<byte> block, byte pad)
    {
        foreach (ref byte value in block)
        {
            value ^= pad;
        }
    }
}
