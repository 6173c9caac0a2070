namespace Lifeboat.Capture.Http.Tls;

/// <summary>Public keys that signatures can be checked with, by BearSSL's numbers.</summary>
internal enum CertificateKeyKind
{
    /// <summary>None of those below.</summary>
    Other = 0,

    /// <summary>RSA, of 1,024 to 4,096 bits.</summary>
    Rsa = 1,

    /// <summary>A point on one of NIST's curves P-256, P-384, P-521.</summary>
    EllipticCurve = 2,
}
