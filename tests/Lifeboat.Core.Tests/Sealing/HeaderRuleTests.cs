using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Sealing;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Tests.Sealing;

/// <summary>The rules of the header, each broken in a file whose code is right for what it says.</summary>
public sealed class HeaderRuleTests : IDisposable
{
    private static readonly byte[] FileKey = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    private readonly AgeIdentity _key = AgeIdentity.Generate();
    private readonly string _share;
    private readonly string _body;

    public HeaderRuleTests()
    {
        using var ephemeral = SecretBytes.Random(Sodium.KeySize);
        var stanza = X25519Stanza.Wrap(_key.Recipient, FileKey, ephemeral);
        (_share, _body) = (Base64(stanza.Share), Base64(stanza.Body));
    }

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("-> X25519 SHARE\nBODY\n")]
    [InlineData("-> X25519 SHARE\nBODY\n-> other !~ words\nAAAA\n")]
    [InlineData("-> grease\n\n-> X25519 SHARE\nBODY\n")]
    [InlineData("-> long\nFULL\nFULL\nAA\n-> X25519 SHARE\nBODY\n")]
    [InlineData("-> long\nFULL\n\n-> X25519 SHARE\nBODY\n")]
    public void What_the_format_allows_opens(string stanzas) => Assert.Equal([42], Open(stanzas));

    [Theory]
    [InlineData("")]
    [InlineData("->X25519 SHARE\nBODY\n")]
    [InlineData("-> \nBODY\n-> X25519 SHARE\nBODY\n")]
    [InlineData("-> X25519  SHARE\nBODY\n")]
    [InlineData("-> X25519 SHARE \nBODY\n")]
    [InlineData("-> X25519 SHARE more\nBODY\n")]
    [InlineData("-> X25519\nBODY\n")]
    [InlineData("-> X25519 SHARE=\nBODY\n")]
    [InlineData("-> X25519 SHAREAA\nBODY\n")]
    [InlineData("-> X25519 SHARE\r\nBODY\n")]
    [InlineData("-> X25519 SHARE\nBODY=\n")]
    [InlineData("-> X25519 SHARE\nBODYAA\n")]
    [InlineData("-> X25519 SHARE\n\n")]
    [InlineData("-> X25519 SHARE\nBODY\n\n")]
    [InlineData("-> X25519 SHARE\nBODY\n-> long\nFULL\n")]
    [InlineData("-> X25519 SHARE\nBODY\n-> long\nFULLA\n\n")]
    [InlineData("-> X25519 SHARE\nBODY\n-> spare\nAB\n")]
    [InlineData("-> X25519 SHARE\nBODY\n-> caf\u00e9\n\n")]
    [InlineData("-> X25519 SHARE\nBODY\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\nBODY\n")]
    [InlineData("-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nBODY\n-> X25519 SHARE\nBODY\n")]
    public void What_it_does_not_is_a_damaged_header(string stanzas) =>
        Assert.Equal(CoreDiagnostics.BadSealedHeader, Refused(() => Open(stanzas)).Id);

    [Theory]
    [InlineData("-> x25519 SHARE\nBODY\n")]
    [InlineData("-> scrypt AAAAAAAAAAAAAAAAAAAAAA 10\nBODY\n")]
    [InlineData("-> X25519 SHARE\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")]
    public void Recipients_of_other_kinds_and_other_keys_open_nothing(string stanzas) =>
        Assert.Equal(CoreDiagnostics.SealedToOtherKeys, Refused(() => Open(stanzas)).Id);

    [Theory]
    [InlineData("---CODE\n")]
    [InlineData("---  CODE\n")]
    [InlineData("--- CODE \n")]
    [InlineData("--- CODE=\n")]
    [InlineData("--- \n")]
    [InlineData("--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")]
    public void A_code_that_is_wrong_or_written_otherwise_is_a_damaged_header(string end) =>
        Assert.Equal(CoreDiagnostics.BadSealedHeader, Refused(() => Open("-> X25519 SHARE\nBODY\n", end)).Id);

    private byte[] Open(string stanzas, string end = "--- CODE\n")
    {
        string text = "age-encryption.org/v1\n"
            + stanzas.Replace("SHARE", _share, StringComparison.Ordinal).Replace("BODY", _body, StringComparison.Ordinal)
                .Replace("FULL", new string('A', 64), StringComparison.Ordinal);
        byte[] key = new byte[32];
        HkdfSha256.Derive(FileKey, [], "header"u8, key);
        using var hmac = new HmacSha256(key);
        hmac.Append(Encoding.Latin1.GetBytes(text + "---"));
        hmac.Finish(key);
        byte[] nonce = new byte[PayloadCipher.NonceSize];
        byte[] chunk = new byte[17];
        using var cipher = new PayloadCipher(FileKey, nonce);
        cipher.Seal([42], chunk, isLast: true);
        return SealedFiles.Open(
            [.. Encoding.Latin1.GetBytes(text + end.Replace("CODE", Base64(key), StringComparison.Ordinal)), .. nonce, .. chunk], _key);
    }

    private static string Base64(ReadOnlySpan<byte> data) => Convert.ToBase64String(data).TrimEnd('=');

    private static Diagnostic Refused(Action open) => Assert.Throws<DiagnosticException>(open).Diagnostics[0];
}
