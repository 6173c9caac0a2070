using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Http.Tls;

/// <summary>What of an X.509 certificate (RFC 5280) it takes to trust it: whose it is, its key, and how long it holds.</summary>
internal sealed class Certificate
{
    private const byte Version = 0xa0;
    private const int MaxRsaBytes = 512;

    private Certificate(byte[] subject, DateTimeOffset begin, DateTimeOffset end)
    {
        Subject = subject;
        Begin = begin;
        End = end;
    }

    /// <summary>The name of whose it is, in DER with its header.</summary>
    internal byte[] Subject { get; }

    /// <summary>From when it holds.</summary>
    internal DateTimeOffset Begin { get; }

    /// <summary>Until when it holds.</summary>
    internal DateTimeOffset End { get; }

    /// <summary>The kind of its key.</summary>
    internal CertificateKeyKind KeyKind { get; private set; }

    /// <summary>RSA's modulus, or the point.</summary>
    internal byte[] Key { get; private set; } = [];

    /// <summary>RSA's exponent.</summary>
    internal byte[] Exponent { get; private set; } = [];

    /// <summary>The curve, by its number in TLS; 0 with RSA.</summary>
    internal int Curve { get; private set; }

    /// <summary>Reads one in DER; false when it is damaged. A key of an unknown kind is no damage.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> der, [NotNullWhen(true)] out Certificate? certificate)
    {
        certificate = null;
        var outer = new DerReader(der);
        if (!outer.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> signed) || !outer.IsAtEnd)
        {
            return false;
        }

        var reader = new DerReader(signed);
        if (!reader.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> body))
        {
            return false;
        }

        var fields = new DerReader(body);
        if (fields.NextTag == Version && !fields.TryRead(out _, out _))
        {
            return false;
        }

        if (!fields.TryRead(DerReader.Integer, out _) // serial number
            || !fields.TryRead(DerReader.Sequence, out _) // signature's algorithm
            || !fields.TryRead(DerReader.Sequence, out _) // issuer
            || !fields.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> validity)
            || fields.NextTag != DerReader.Sequence
            || !fields.TryRead(out ReadOnlySpan<byte> subject, out _)
            || !fields.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> key)
            || !TryReadValidity(validity, out DateTimeOffset begin, out DateTimeOffset end))
        {
            return false;
        }

        certificate = new Certificate(subject.ToArray(), begin, end);
        certificate.ReadKey(key);
        return true;
    }

    private static bool TryReadValidity(ReadOnlySpan<byte> validity, out DateTimeOffset begin, out DateTimeOffset end)
    {
        var times = new DerReader(validity);
        end = default;
        return TryReadTime(ref times, out begin) && TryReadTime(ref times, out end);
    }

    private static bool TryReadTime(ref DerReader reader, out DateTimeOffset time)
    {
        time = default;
        bool isLong = reader.NextTag == DerReader.GeneralizedTime;
        if ((!isLong && reader.NextTag != DerReader.UtcTime) || !reader.TryRead(out _, out ReadOnlySpan<byte> content)
            || content.Length != (isLong ? 15 : 13) || content[^1] != 'Z')
        {
            return false;
        }

        // Two digits of a year are those of 1950 to 2049.
        string text = Encoding.ASCII.GetString(content[..^1]);
        text = isLong ? text : (text[0] >= '5' ? "19" : "20") + text;
        return DateTimeOffset.TryParseExact(
            text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private void ReadKey(ReadOnlySpan<byte> info)
    {
        var reader = new DerReader(info);
        if (!reader.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> algorithm)
            || !reader.TryRead(DerReader.BitString, out ReadOnlySpan<byte> bits) || bits.Length < 2 || bits[0] != 0)
        {
            return;
        }

        var names = new DerReader(algorithm);
        if (!names.TryRead(DerReader.ObjectIdentifier, out ReadOnlySpan<byte> name))
        {
            return;
        }

        // rsaEncryption, 1.2.840.113549.1.1.1; id-ecPublicKey, 1.2.840.10045.2.1
        if (name.SequenceEqual((ReadOnlySpan<byte>)[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]))
        {
            ReadRsa(bits[1..]);
        }
        else if (name.SequenceEqual((ReadOnlySpan<byte>)[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01])
            && names.TryRead(DerReader.ObjectIdentifier, out ReadOnlySpan<byte> curve))
        {
            Curve = CurveOf(curve);
            Key = bits[1..].ToArray();
            KeyKind = Curve == 0 ? CertificateKeyKind.Other : CertificateKeyKind.EllipticCurve;
        }
    }

    private void ReadRsa(ReadOnlySpan<byte> bits)
    {
        var sequence = new DerReader(bits);
        if (!sequence.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> numbers))
        {
            return;
        }

        var reader = new DerReader(numbers);
        if (reader.TryRead(DerReader.Integer, out ReadOnlySpan<byte> modulus)
            && reader.TryRead(DerReader.Integer, out ReadOnlySpan<byte> exponent)
            && modulus.TrimStart((byte)0).Length is >= MaxRsaBytes / 4 and <= MaxRsaBytes && exponent.Length is > 0 and <= 8)
        {
            Key = modulus.TrimStart((byte)0).ToArray();
            Exponent = exponent.TrimStart((byte)0).ToArray();
            KeyKind = CertificateKeyKind.Rsa;
        }
    }

    // secp256r1, 1.2.840.10045.3.1.7; secp384r1, 1.3.132.0.34; secp521r1, 1.3.132.0.35
    private static int CurveOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual((ReadOnlySpan<byte>)[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]) ? 23
        : name.SequenceEqual((ReadOnlySpan<byte>)[0x2b, 0x81, 0x04, 0x00, 0x22]) ? 24
        : name.SequenceEqual((ReadOnlySpan<byte>)[0x2b, 0x81, 0x04, 0x00, 0x23]) ? 25
        : 0;
}
