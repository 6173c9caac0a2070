using Lifeboat.Capture.Http;

namespace Lifeboat.Capture.Settings;

/// <summary>A server that a crash is sent to by HTTP.</summary>
/// <param name="Url">Where on it files go.</param>
/// <param name="AuthorityFile">With https: a PEM file of the CAs that are trusted; null when one certificate is.</param>
/// <param name="CertificateFile">With https: a PEM file of the server's own certificate; null when CAs are trusted.</param>
/// <param name="SecretFile">The file of the token or the keys; null for none.</param>
public abstract record UploadTarget(HttpUrl Url, string? AuthorityFile, string? CertificateFile, string? SecretFile) : DumpTarget
{
    /// <inheritdoc/>
    public override string Host => Url.Host;

    /// <summary>The files of this machine that go into the ramdisk, under the same paths and for their owner only.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            var files = new List<string>(3);
            foreach (string? file in (ReadOnlySpan<string?>)[AuthorityFile, CertificateFile, SecretFile])
            {
                if (file is not null && !files.Contains(file))
                {
                    files.Add(file);
                }
            }

            return files;
        }
    }

    private protected string TrustOptions => TargetWords.Write("ca", AuthorityFile) + TargetWords.Write("cert", CertificateFile);

    // TLS needs one thing to trust, and no other; without TLS there is nothing to trust.
    private protected static bool TryTakeTrust(TargetWords words, HttpUrl url, out string? authority, out string? certificate)
    {
        certificate = null;
        return words.TryTakeFile("ca", out authority) && words.TryTakeFile("cert", out certificate)
            && (url.IsSecure ? authority is null != certificate is null : authority is null && certificate is null);
    }
}
