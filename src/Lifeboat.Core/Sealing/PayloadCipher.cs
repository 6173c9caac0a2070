using System.Buffers.Binary;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>
/// The chunks of a sealed file (STREAM): each is sealed with its number and whether it is the last, so that none can be
/// taken away, added, changed or moved.
/// </summary>
/// <remarks><para><b>Ownership.</b> The key is overwritten when it is disposed.</para></remarks>
internal sealed class PayloadCipher : IDisposable
{
    /// <summary>Bytes of a chunk; only the last one may have fewer.</summary>
    internal const int ChunkSize = 64 << 10;

    /// <summary>Bytes of a sealed chunk.</summary>
    internal const int SealedChunkSize = ChunkSize + Sodium.TagSize;

    /// <summary>Bytes of the payload's own nonce, which stand before the first chunk.</summary>
    internal const int NonceSize = 16;

    private readonly SecretBytes _key = new(Sodium.KeySize);
    private readonly byte[] _nonce = new byte[Sodium.NonceSize];

    internal PayloadCipher(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce) =>
        HkdfSha256.Derive(fileKey, nonce, "payload"u8, _key.Span);

    /// <summary>The number of the chunk that is next, from 0.</summary>
    internal ulong Number { get; private set; }

    /// <summary>Seals the next chunk; the target has <see cref="Sodium.TagSize"/> bytes more.</summary>
    internal void Seal(ReadOnlySpan<byte> plain, Span<byte> target, bool isLast)
    {
        SetNonce(isLast);
        Sodium.Encrypt(_key.Span, _nonce, plain, target);
        Number++;
    }

    /// <summary>Opens the next chunk; when it is not that, false, and the same one is next.</summary>
    internal bool TryOpen(ReadOnlySpan<byte> cipher, Span<byte> target, bool isLast)
    {
        SetNonce(isLast);
        if (!Sodium.TryDecrypt(_key.Span, _nonce, cipher, target))
        {
            return false;
        }

        Number++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    // Eleven bytes of number, the highest first, of which eight are ever used; one that marks the last chunk.
    private void SetNonce(bool isLast)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_nonce.AsSpan(3), Number);
        _nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
