using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>A public key that files are sealed to, <c>age1...</c> (X25519). Whoever has its secret opens them.</summary>
/// <remarks><para><b>Thread safety.</b> Immutable.</para></remarks>
public sealed class AgeRecipient
{
    private const int LongestShown = 80;

    private readonly byte[] _point;

    internal AgeRecipient(ReadOnlySpan<byte> point) => _point = point.ToArray();

    /// <summary>The point of the curve.</summary>
    internal ReadOnlySpan<byte> Point => _point;

    private static ReadOnlySpan<byte> Prefix => "age"u8;

    /// <summary>Reads a recipient, and tries whether it can be sealed to.</summary>
    /// <param name="text">The recipient, without spaces around it.</param>
    /// <param name="where">Where it stands: a file and line, a setting, an option.</param>
    /// <exception cref="DiagnosticException">It is none (<see cref="CoreDiagnostics.BadRecipient"/>).</exception>
    public static AgeRecipient Parse(string text, string where)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> point = stackalloc byte[Sodium.KeySize];
        string? wrong = OtherKind(text) ?? Bech32.Decode(Prefix, Encoding.ASCII.GetBytes(text), point) ?? Unusable(point);
        return wrong is null ? new AgeRecipient(point) : throw new DiagnosticException(
            new Diagnostic(CoreDiagnostics.BadRecipient, "this is no recipient that can be sealed to")
            {
                Where = where,
                Found = $"{Shown(text)}: {wrong}",
                Expected = $"age1 and {Bech32.Length(Prefix.Length) - Prefix.Length - 1} characters",
                Remedy = "lifeboat seal --new-key FILE makes a key and prints its recipient; so does age-keygen",
            });
    }

    /// <summary>The recipient as it is written down.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[Bech32.Length(Prefix.Length)];
        Bech32.Encode(Prefix, _point, text);
        return Encoding.ASCII.GetString(text);
    }

    private static string? OtherKind(string text)
    {
        if (text.StartsWith("AGE-SECRET-KEY-", StringComparison.OrdinalIgnoreCase))
        {
            return "a secret key, which belongs in a key file only";
        }

        if (text.StartsWith("ssh-", StringComparison.Ordinal))
        {
            return "an SSH key, which age takes and this program does not";
        }

        if (!text.StartsWith("age1", StringComparison.Ordinal))
        {
            return "it does not begin with age1";
        }

        // age1NAME1... is a plugin's, age1pq1... a post-quantum key: the digit 1 never stands in data.
        return text.LastIndexOf('1') > Prefix.Length ? "a kind of key that takes a plugin or a newer age" : null;
    }

    // Points of low order make the same shared secret, zero, with every key: told here, not when a file is sealed.
    private static string? Unusable(ReadOnlySpan<byte> point)
    {
        using var scalar = SecretBytes.Random(Sodium.KeySize);
        using var shared = new SecretBytes(Sodium.KeySize);
        return Sodium.TryMultiply(scalar.Span, point, shared.Span) ? null : "a point of low order, which everybody could open";
    }

    // A secret that was pasted in the wrong place does not get into a log.
    private static string Shown(string text)
    {
        if (text.StartsWith("AGE-SECRET-KEY-", StringComparison.OrdinalIgnoreCase))
        {
            return "AGE-SECRET-KEY-...";
        }

        var shown = new StringBuilder();
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, LongestShown)))
        {
            shown.Append(character is > ' ' and <= '~' ? character : '?');
        }

        return shown.Append(text.Length > LongestShown ? "..." : "").ToString();
    }
}
