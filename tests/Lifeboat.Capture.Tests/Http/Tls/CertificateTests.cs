using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lifeboat.Capture.Http.Tls;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Http.Tls;

public sealed class CertificateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_what_the_runtime_reads(bool isRsa)
    {
        using var authority = new TestAuthority("CN=Böses CA, O=Test", isRsa);
        using X509Certificate2 expected = X509Certificate2.CreateFromPem(authority.Pem);
        Certificate certificate = Assert.Single(CertificateFile.Read(authority.Pem, "x"));
        Assert.Equal(expected.SubjectName.RawData, certificate.Subject);
        Assert.Equal(new DateTimeOffset(expected.NotBefore), certificate.Begin);
        Assert.Equal(new DateTimeOffset(expected.NotAfter), certificate.End);
        if (isRsa)
        {
            RSAParameters key = expected.GetRSAPublicKey()!.ExportParameters(false);
            Assert.Equal((CertificateKeyKind.Rsa, 0), (certificate.KeyKind, certificate.Curve));
            Assert.Equal(key.Modulus, certificate.Key);
            Assert.Equal(key.Exponent, certificate.Exponent);
        }
        else
        {
            ECParameters key = expected.GetECDsaPublicKey()!.ExportParameters(false);
            Assert.Equal((CertificateKeyKind.EllipticCurve, 23), (certificate.KeyKind, certificate.Curve));
            Assert.Equal([4, .. key.Q.X!, .. key.Q.Y!], certificate.Key);
        }
    }

    [Fact]
    public void Reads_every_authority_of_the_system()
    {
        const string Bundle = "/etc/ssl/certs/ca-certificates.crt";
        Assert.SkipUnless(File.Exists(Bundle), "ca-certificates is not installed");
        string pem = File.ReadAllText(Bundle);
        var expected = new X509Certificate2Collection();
        expected.ImportFromPem(pem);
        List<Certificate> certificates = CertificateFile.Read(pem, Bundle);
        Assert.Equal(
            expected.Where(certificate => certificate.PublicKey.Oid.Value is "1.2.840.113549.1.1.1" or "1.2.840.10045.2.1")
                .Select(certificate => (Convert.ToHexString(certificate.SubjectName.RawData), new DateTimeOffset(certificate.NotAfter))),
            certificates.Select(certificate => (Convert.ToHexString(certificate.Subject), certificate.End)));
    }

    [Theory]
    [InlineData("", "no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n", "certificate 1 without its last line")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate 1 is damaged")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", "certificate 1 is damaged")]
    public void Says_what_is_wrong_with_a_file(string text, string expected)
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => TlsTrust.InAuthorities(text, "ca.pem"));
        Assert.Equal((CaptureDiagnostics.BadCertificateFile, "ca.pem", expected), (error.Diagnostics[0].Id, error.Diagnostics[0].Where, error.Diagnostics[0].Found));
    }

    [Fact]
    public void A_key_of_another_kind_is_told()
    {
        var request = new CertificateRequest("CN=x", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1), HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => TlsTrust.InServer(certificate.ExportCertificatePem(), "x"));
        Assert.Equal("1 with keys of other kinds", error.Diagnostics[0].Found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_certificates_end_in_a_refusal_or_a_certificate(bool isRsa)
    {
        using var authority = new TestAuthority(isRsa: isRsa);
        byte[] der = X509Certificate2.CreateFromPem(authority.Pem).RawData;
        foreach (byte[] damaged in Mutations.Of(der, 20_000, seed: 9))
        {
            if (Certificate.TryRead(damaged, out Certificate? certificate))
            {
                Assert.InRange(certificate.Key.Length + certificate.Exponent.Length + certificate.Subject.Length, 0, damaged.Length);
            }
        }
    }
}
