using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>A secret key, <c>AGE-SECRET-KEY-1...</c> (X25519): opens what was sealed to its recipient.</summary>
/// <remarks>
/// <para><b>Ownership.</b> The secret is overwritten when it is disposed.</para>
/// <para><b>Thread safety.</b> Several threads may use one.</para>
/// </remarks>
public sealed class AgeIdentity : IDisposable
{
    private readonly SecretBytes _secret;

    private AgeIdentity(SecretBytes secret)
    {
        _secret = secret;
        Span<byte> point = stackalloc byte[Sodium.KeySize];
        Sodium.MultiplyBase(secret.Span, point);
        Recipient = new AgeRecipient(point);
    }

    /// <summary>Characters of a secret key as it is written down.</summary>
    public static int TextLength => Bech32.Length(Prefix.Length);

    /// <summary>The public key.</summary>
    public AgeRecipient Recipient { get; }

    /// <summary>The secret itself.</summary>
    internal ReadOnlySpan<byte> Secret => _secret.Span;

    private static ReadOnlySpan<byte> Prefix => "AGE-SECRET-KEY-"u8;

    /// <summary>A new key, which nobody has had before.</summary>
    public static AgeIdentity Generate() => new(SecretBytes.Random(Sodium.KeySize));

    /// <summary>Reads a secret key.</summary>
    /// <param name="text">The key in ASCII, without spaces around it; the caller overwrites it afterwards.</param>
    /// <param name="where">Where it stands, for messages, which tell nothing of the key.</param>
    /// <exception cref="DiagnosticException">It is none (<see cref="CoreDiagnostics.BadIdentity"/>).</exception>
    public static AgeIdentity Parse(ReadOnlySpan<byte> text, string where)
    {
        var secret = new SecretBytes(Sodium.KeySize);
        string? wrong = OtherKind(text) ?? Bech32.Decode(Prefix, text, secret.Span);
        if (wrong is null)
        {
            return new AgeIdentity(secret);
        }

        secret.Dispose();
        throw new DiagnosticException(new Diagnostic(CoreDiagnostics.BadIdentity, "this is no secret key")
        {
            Where = where,
            Found = wrong,
            Expected = $"AGE-SECRET-KEY-1 and {TextLength - Prefix.Length - 1} characters",
            Remedy = "A key file is what lifeboat seal --new-key or age-keygen wrote; take it whole from where it is kept",
        });
    }

    /// <summary>Writes the key as it is written down; the caller overwrites it afterwards.</summary>
    /// <exception cref="ArgumentException">There is no room for <see cref="TextLength"/> characters.</exception>
    public void Write(Span<byte> text)
    {
        if (text.Length < TextLength)
        {
            throw new ArgumentException("there is no room for the key", nameof(text));
        }

        Bech32.Encode(Prefix, _secret.Span, text);
    }

    /// <summary>Overwrites the secret.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>The public key; never the secret.</summary>
    public override string ToString() => $"secret key of {Recipient}";

    private static string? OtherKind(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("AGE-SECRET-KEY-1"u8))
        {
            return null;
        }

        return text switch
        {
            _ when text.StartsWith("age1"u8) => "a recipient, the public half of a key",
            _ when text.StartsWith("AGE-SECRET-KEY-"u8) || text.StartsWith("AGE-PLUGIN-"u8) => "a kind of key that takes a plugin or a newer age",
            _ when text.StartsWith("-----BEGIN "u8) || text.StartsWith("age-encryption.org/"u8)
                => "an SSH key, or a key file that is itself sealed: open it with age -d first",
            _ => "a line that does not begin with AGE-SECRET-KEY-1",
        };
    }
}
