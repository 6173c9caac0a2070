using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Http.Tls;

/// <summary>Which servers are trusted: those whose certificates lead to one of some CAs', or one certificate and no other.</summary>
public sealed class TlsTrust
{
    private TlsTrust(IReadOnlyList<Certificate> certificates, bool isPinned)
    {
        Certificates = certificates;
        IsPinned = isPinned;
    }

    /// <summary>When the last of the certificates ends.</summary>
    public DateTimeOffset End
    {
        get
        {
            DateTimeOffset end = DateTimeOffset.MinValue;
            foreach (Certificate certificate in Certificates)
            {
                end = certificate.End > end ? certificate.End : end;
            }

            return end;
        }
    }

    internal IReadOnlyList<Certificate> Certificates { get; }

    /// <summary>Whether the server must have one of these certificates itself.</summary>
    internal bool IsPinned { get; }

    /// <summary>Trusts every server whose certificate one of these CAs has signed for its name.</summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="DiagnosticException">The file has no certificate that can be used, or a damaged one.</exception>
    public static TlsTrust InAuthorities(string pem, string name) => new(CertificateFile.Read(pem, name), isPinned: false);

    /// <summary>Trusts the server that has one of these certificates.</summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="DiagnosticException">The file has no certificate that can be used, or a damaged one.</exception>
    public static TlsTrust InServer(string pem, string name) => new(CertificateFile.Read(pem, name), isPinned: true);
}
