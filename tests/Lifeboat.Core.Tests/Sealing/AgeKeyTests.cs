using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Core.Tests.Sealing;

public sealed class AgeKeyTests
{
    // The format's own example.
    private const string Secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    private const string Recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    [Fact]
    public void The_format_s_example_is_read_and_written()
    {
        using var identity = AgeIdentity.Parse(Encoding.ASCII.GetBytes(Secret), "here");
        Assert.Equal(Recipient, identity.Recipient.ToString());
        Assert.Equal(Recipient, AgeRecipient.Parse(Recipient, "here").ToString());
        byte[] text = new byte[AgeIdentity.TextLength];
        identity.Write(text);
        Assert.Equal(Secret, Encoding.ASCII.GetString(text));
        Assert.DoesNotContain("SECRET-KEY", identity.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => identity.Write(new byte[AgeIdentity.TextLength - 1]));
    }

    [Fact]
    public void Keys_are_new_each_time_and_of_no_use_once_disposed()
    {
        var first = AgeIdentity.Generate();
        using var second = AgeIdentity.Generate();
        Assert.NotEqual(first.Recipient.ToString(), second.Recipient.ToString());
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Write(new byte[AgeIdentity.TextLength]));
    }

    [Fact]
    public void No_single_wrong_character_goes_unnoticed()
    {
        foreach (string text in (string[])[Recipient, Secret])
        {
            for (int at = 0; at < text.Length; at++)
            {
                foreach (char other in "abcqpzry9x8gf2tvdw0s3jn54khce6mua7lABCQPZ1-bio \u00e9\0")
                {
                    string changed = text[..at] + other + text[(at + 1)..];
                    if (changed != text)
                    {
                        Refused(changed);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("", "does not begin with age1")]
    [InlineData("age1", "characters")]
    [InlineData("AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ", "does not begin with age1")]
    [InlineData(Secret, "a secret key")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", "an SSH key")]
    [InlineData("age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", "plugin")]
    [InlineData("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "checksum")]
    public void A_text_that_is_no_recipient_is_told_by_what_it_is(string text, string found)
    {
        Diagnostic refusal = Refused(() => AgeRecipient.Parse(text, "seal_to, line 3"));
        Assert.Equal((CoreDiagnostics.BadRecipient, "seal_to, line 3"), (refusal.Id, refusal.Where));
        Assert.Contains(found, refusal.Found, StringComparison.Ordinal);
        Assert.DoesNotContain("GFPYYSJZ", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_of_low_order_is_no_recipient()
    {
        byte[] text = new byte[62];
        foreach (byte first in (byte[])[0, 1])
        {
            byte[] point = new byte[32];
            point[0] = first;
            Bech32.Encode("age"u8, point, text);
            Assert.Contains("low order", Refused(() => AgeRecipient.Parse(Encoding.ASCII.GetString(text), "here")).Found, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Recipient, "a recipient")]
    [InlineData("AGE-SECRET-KEY-PQ-1XX76JRALNLX", "plugin")]
    [InlineData("AGE-PLUGIN-YUBIKEY-1QQ", "plugin")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----", "SSH key")]
    [InlineData("age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex", "does not begin")]
    [InlineData("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAE", "73 characters")]
    public void A_text_that_is_no_secret_key_is_told_by_what_it_is_and_not_shown(string text, string found)
    {
        Diagnostic refusal = Refused(() => AgeIdentity.Parse(Encoding.ASCII.GetBytes(text), "key.txt, line 1"));
        Assert.Equal((CoreDiagnostics.BadIdentity, "key.txt, line 1"), (refusal.Id, refusal.Where));
        Assert.Contains(found, refusal.Found, StringComparison.Ordinal);
        Assert.DoesNotContain("GFPYYSJZ", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Base64_is_what_the_runtime_writes_without_padding_and_only_that() => Prop.ForAll<byte[]>(data =>
    {
        byte[] text = new byte[UnpaddedBase64.EncodedLength(data.Length)];
        Assert.Equal(text.Length, UnpaddedBase64.Encode(data, text));
        Assert.Equal(Convert.ToBase64String(data).TrimEnd('='), Encoding.ASCII.GetString(text));
        byte[] back = new byte[data.Length];
        Assert.Equal(data.Length, UnpaddedBase64.Decode(text, back));
        Assert.Equal(data, back);
        Assert.Equal(-1, UnpaddedBase64.Decode([.. text, (byte)'='], new byte[data.Length + 3]));
        return data.Length == 0 || UnpaddedBase64.Decode(text, new byte[data.Length - 1]) == -1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("A")]
    [InlineData("AB")]
    [InlineData("AAB")]
    [InlineData("A A")]
    [InlineData("AA\n")]
    [InlineData("A-")]
    public void Base64_that_an_encoder_would_not_write_is_refused(string text) =>
        Assert.Equal(-1, UnpaddedBase64.Decode(Encoding.ASCII.GetBytes(text), new byte[10]));

    private static void Refused(string changed)
    {
        _ = Refused(() => AgeRecipient.Parse(changed, "here"));
        _ = Refused(() => AgeIdentity.Parse(Encoding.Latin1.GetBytes(changed), "here"));
    }

    private static Diagnostic Refused(Action parse) => Assert.Throws<DiagnosticException>(parse).Diagnostics[0];
}
