using System.Net;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Http.Tls;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>Makes stores of targets that are reached by HTTP.</summary>
public static class UploadStores
{
    /// <summary>Opens a target; the server is asked nothing before <see cref="CrashStore.Begin"/>.</summary>
    /// <param name="target">The target.</param>
    /// <param name="addresses">The addresses of its host.</param>
    /// <param name="readFile">Reads one of <see cref="UploadTarget.Files"/> by its path.</param>
    /// <param name="timeouts">How long the server is waited for.</param>
    /// <param name="clock">This machine's clock.</param>
    /// <param name="cancellation">Ends every wait.</param>
    /// <exception cref="DiagnosticException">A file is not what it should be.</exception>
    public static HttpStore Open(
        UploadTarget target,
        IReadOnlyList<IPAddress> addresses,
        Func<string, string> readFile,
        HttpTimeouts timeouts,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        var server = new HttpServer(target.Url, addresses, TrustOf(target, readFile), timeouts, clock);
        return target switch
        {
            ObjectStoreTarget store => new ObjectStore(
                server, ObjectKeys.Parse(readFile(store.CredentialsFile), store.CredentialsFile), store.Region, store.Connections, cancellation),
            HttpTarget { Protocol: UploadProtocol.Put } put => new PutStore(server, TokenOf(put, readFile), cancellation),
            HttpTarget tus => new TusStore(server, TokenOf(tus, readFile), cancellation),
            _ => throw new ArgumentException($"{target.Directive} is no such target", nameof(target)),
        };
    }

    /// <summary>Checks a target's files as far as it can be done before a crash.</summary>
    /// <param name="target">The target.</param>
    /// <param name="readFile">Reads one of <see cref="UploadTarget.Files"/> by its path.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="DiagnosticException">A file is not what it should be, or its certificates have all ended.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <returns>When the last of the target's certificates ends; null where it has none.</returns>
    public static DateTimeOffset? Check(UploadTarget target, Func<string, string> readFile, DateTimeOffset now)
    {
        TlsTrust? trust = TrustOf(target, readFile);
        if (trust?.End < now)
        {
            throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.BadCertificateFile, "The certificates of a target have ended")
            {
                Where = target.AuthorityFile ?? target.CertificateFile,
                Found = $"the last one's end on {trust.End:yyyy-MM-dd}",
                Expected = "one that still holds",
                Remedy = "Renew the file and build the ramdisk again",
            });
        }

        if (target is ObjectStoreTarget store)
        {
            _ = ObjectKeys.Parse(readFile(store.CredentialsFile), store.CredentialsFile);
        }
        else if (target is HttpTarget http)
        {
            _ = TokenOf(http, readFile);
        }

        return trust?.End;
    }

    private static TlsTrust? TrustOf(UploadTarget target, Func<string, string> readFile) =>
        target.AuthorityFile is { } authority ? TlsTrust.InAuthorities(readFile(authority), authority)
        : target.CertificateFile is { } certificate ? TlsTrust.InServer(readFile(certificate), certificate)
        : null;

    private static string? TokenOf(HttpTarget target, Func<string, string> readFile) =>
        target.TokenFile is { } token ? AccessToken.Parse(readFile(token), token) : null;
}
