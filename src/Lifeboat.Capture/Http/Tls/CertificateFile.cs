using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Http.Tls;

/// <summary>Certificates out of a PEM file (RFC 7468), which may have text between them and keys besides.</summary>
internal static class CertificateFile
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";
    private const int MaxLength = 4 << 20;
    private const int MaxCertificates = 1000;

    /// <summary>The certificates whose keys are of a kind that signatures are checked with here.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="DiagnosticException">There is none, or one is damaged.</exception>
    internal static List<Certificate> Read(string text, string name)
    {
        var found = new List<Certificate>();
        if (text.Length > MaxLength)
        {
            throw Bad(name, $"{text.Length} characters", $"at most {MaxLength}");
        }

        int count = 0;
        for (int start = text.IndexOf(Begin, StringComparison.Ordinal); start >= 0; count++)
        {
            start += Begin.Length;
            int end = text.IndexOf(End, start, StringComparison.Ordinal);
            if (end < 0 || count == MaxCertificates)
            {
                throw Bad(name, end < 0 ? $"certificate {count + 1} without its last line" : "more than that", $"at most {MaxCertificates} whole ones");
            }

            byte[] der = new byte[end - start];
            if (!Convert.TryFromBase64Chars(text.AsSpan(start, end - start), der, out int length)
                || !Certificate.TryRead(der.AsSpan(0, length), out Certificate? certificate))
            {
                throw Bad(name, $"certificate {count + 1} is damaged", "X.509 in PEM");
            }

            if (certificate.KeyKind != CertificateKeyKind.Other)
            {
                found.Add(certificate);
            }

            start = text.IndexOf(Begin, end, StringComparison.Ordinal);
        }

        return found.Count > 0 ? found : throw Bad(
            name, count == 0 ? "no certificate" : $"{count} with keys of other kinds",
            "a certificate with an RSA key of at most 4,096 bits, or one on P-256, P-384 or P-521");
    }

    private static DiagnosticException Bad(string name, string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.BadCertificateFile, "A file of certificates cannot be used")
        {
            Where = name,
            Found = found,
            Expected = expected,
            Remedy = "It is made of the server's certificate, or of its CA's, in PEM",
        });
}
