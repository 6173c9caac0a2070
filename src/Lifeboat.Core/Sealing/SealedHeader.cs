using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>
/// The text at the beginning of a sealed file (age-encryption.org/v1):
/// <code>
/// age-encryption.org/v1
/// -> X25519 SHARE                 for each recipient
/// FILE KEY, WRAPPED
/// --- CODE                        HMAC of all before the space, under a key from the file key
/// </code>
/// </summary>
internal sealed class SealedHeader
{
    /// <summary>The stanzas that X25519 keys may open.</summary>
    internal required IReadOnlyList<X25519Stanza> Stanzas { get; init; }

    /// <summary>Whether it is sealed with a passphrase.</summary>
    internal required bool HasPassphrase { get; init; }

    /// <summary>The bytes that the code is of.</summary>
    internal required byte[] Authenticated { get; init; }

    /// <summary>The code.</summary>
    internal required byte[] Code { get; init; }

    /// <summary>The first line.</summary>
    internal static ReadOnlySpan<byte> VersionLine => "age-encryption.org/v1\n"u8;

    /// <summary>Whether the code is the one that the file key makes.</summary>
    internal bool IsAuthentic(ReadOnlySpan<byte> fileKey)
    {
        Span<byte> code = stackalloc byte[Sha256.DigestSize];
        WriteCode(fileKey, Authenticated, code);
        return Sodium.AreEqual(code, Code);
    }

    /// <summary>The bytes of a header for the recipients.</summary>
    internal static byte[] Build(IReadOnlyList<AgeRecipient> recipients, ReadOnlySpan<byte> fileKey)
    {
        var stanzas = new List<X25519Stanza>(recipients.Count);
        foreach (AgeRecipient recipient in recipients)
        {
            using var ephemeral = SecretBytes.Random(Sodium.KeySize);
            stanzas.Add(X25519Stanza.Wrap(recipient, fileKey, ephemeral));
        }

        var text = new StringBuilder(Encoding.ASCII.GetString(VersionLine));
        foreach (X25519Stanza stanza in stanzas)
        {
            text.Append("-> ").Append(X25519Stanza.Name).Append(' ').Append(Base64(stanza.Share)).Append('\n');
            text.Append(Base64(stanza.Body)).Append('\n');
        }

        text.Append("---");
        Span<byte> code = stackalloc byte[Sha256.DigestSize];
        WriteCode(fileKey, Encoding.ASCII.GetBytes(text.ToString()), code);
        return Encoding.ASCII.GetBytes(text.Append(' ').Append(Base64(code)).Append('\n').ToString());
    }

    private static void WriteCode(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> authenticated, Span<byte> code)
    {
        using var key = new SecretBytes(Sodium.KeySize);
        HkdfSha256.Derive(fileKey, [], "header"u8, key.Span);
        using var hmac = new HmacSha256(key.Span);
        hmac.Append(authenticated);
        hmac.Finish(code);
    }

    private static string Base64(ReadOnlySpan<byte> data)
    {
        Span<byte> text = stackalloc byte[UnpaddedBase64.EncodedLength(Sodium.KeySize)];
        return Encoding.ASCII.GetString(text[..UnpaddedBase64.Encode(data, text)]);
    }
}
