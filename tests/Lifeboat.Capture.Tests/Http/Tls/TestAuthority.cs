using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lifeboat.Capture.Tests.Http.Tls;

/// <summary>A CA of a test's own, and certificates that it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "CN=Test CA", bool isRsa = false)
    {
        var request = Request(name, isRsa);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-3), DateTimeOffset.UtcNow.AddYears(3));
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A server's certificate with its key.</summary>
    public X509Certificate2 Issue(string host, bool isRsa = false, int daysLeft = 30)
    {
        var request = Request("CN=" + host, isRsa);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        DateTimeOffset end = DateTimeOffset.UtcNow.AddDays(daysLeft);
        using X509Certificate2 bare = request.Create(
            _certificate.SubjectName, Generator(), end.AddDays(-60), end, RandomNumberGenerator.GetBytes(8));
        X509Certificate2 whole = request.PublicKey.Oid.Value == "1.2.840.113549.1.1.1"
            ? bare.CopyWithPrivateKey(_rsa!) : bare.CopyWithPrivateKey(_curve!);

        // OpenSSL takes a key that was loaded with its certificate.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _rsa?.Dispose();
        _curve?.Dispose();
    }

    private RSA? _rsa;
    private ECDsa? _curve;

    private X509SignatureGenerator Generator() => _certificate.GetRSAPrivateKey() is { } rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!);

    private CertificateRequest Request(string name, bool isRsa) => isRsa
        ? new CertificateRequest(name, _rsa = RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(name, _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
}
