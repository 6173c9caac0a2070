using Lifeboat.Core.Hashing;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>A file key, wrapped for one recipient: <c>-> X25519 SHARE</c> and 32 bytes.</summary>
/// <param name="share">The public half of a key that was made for this file and recipient only.</param>
/// <param name="body">The file key, sealed.</param>
internal sealed class X25519Stanza(byte[] share, byte[] body)
{
    /// <summary>The name of this kind.</summary>
    internal const string Name = "X25519";

    /// <summary>Bytes of a file key.</summary>
    internal const int FileKeySize = 16;

    /// <summary>Bytes of the body.</summary>
    internal const int BodySize = FileKeySize + Sodium.TagSize;

    // The wrap key is used once.
    private static readonly byte[] Nonce = new byte[Sodium.NonceSize];

    internal ReadOnlySpan<byte> Share => share;

    internal ReadOnlySpan<byte> Body => body;

    private static ReadOnlySpan<byte> Info => "age-encryption.org/v1/X25519"u8;

    /// <summary>Wraps a file key.</summary>
    /// <param name="recipient">For whom.</param>
    /// <param name="fileKey">The key.</param>
    /// <param name="ephemeral">A secret that is made for this stanza and used for nothing else.</param>
    internal static X25519Stanza Wrap(AgeRecipient recipient, ReadOnlySpan<byte> fileKey, SecretBytes ephemeral)
    {
        byte[] share = new byte[Sodium.KeySize];
        byte[] body = new byte[BodySize];
        Sodium.MultiplyBase(ephemeral.Span, share);
        using var shared = new SecretBytes(Sodium.KeySize);
        if (!Sodium.TryMultiply(ephemeral.Span, recipient.Point, shared.Span))
        {
            throw new InvalidOperationException("a recipient of low order got past AgeRecipient");
        }

        using SecretBytes wrapKey = WrapKey(shared, share, recipient);
        Sodium.Encrypt(wrapKey.Span, Nonce, fileKey, body);
        return new X25519Stanza(share, body);
    }

    /// <summary>Unwraps the file key; false when this stanza is another recipient's.</summary>
    /// <param name="identity">The key that is tried.</param>
    /// <param name="fileKey">Takes the file key.</param>
    /// <param name="isLowOrder">Whether the share is one that makes no secret with any key.</param>
    internal bool TryUnwrap(AgeIdentity identity, Span<byte> fileKey, out bool isLowOrder)
    {
        using var shared = new SecretBytes(Sodium.KeySize);
        isLowOrder = !Sodium.TryMultiply(identity.Secret, share, shared.Span);
        if (isLowOrder)
        {
            return false;
        }

        using SecretBytes wrapKey = WrapKey(shared, share, identity.Recipient);
        return Sodium.TryDecrypt(wrapKey.Span, Nonce, body, fileKey);
    }

    private static SecretBytes WrapKey(SecretBytes shared, ReadOnlySpan<byte> share, AgeRecipient recipient)
    {
        Span<byte> salt = stackalloc byte[2 * Sodium.KeySize];
        share.CopyTo(salt);
        recipient.Point.CopyTo(salt[Sodium.KeySize..]);
        var key = new SecretBytes(Sodium.KeySize);
        HkdfSha256.Derive(shared.Span, salt, Info, key.Span);
        return key;
    }
}
