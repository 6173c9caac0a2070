using Lifeboat.Capture.Http;

namespace Lifeboat.Capture.Settings;

/// <summary>A web server that a crash is sent to.</summary>
/// <param name="Url">Where uploads are created, or the folder that files are put into.</param>
/// <param name="Protocol">How.</param>
/// <param name="AuthorityFile">With https: a PEM file of the CAs that are trusted; null when one certificate is.</param>
/// <param name="CertificateFile">With https: a PEM file of the server's own certificate; null when CAs are trusted.</param>
/// <param name="TokenFile">A file with the token; null for none.</param>
public sealed record HttpTarget(
    HttpUrl Url, UploadProtocol Protocol, string? AuthorityFile, string? CertificateFile, string? TokenFile)
    : UploadTarget(Url, AuthorityFile, CertificateFile, TokenFile)
{
    /// <inheritdoc/>
    public override string Directive => Url.IsSecure ? "https" : "http";

    /// <inheritdoc/>
    public override string Value =>
        $"{Url}{TargetWords.Write("protocol", Protocol == UploadProtocol.Put ? "put" : null)}{TrustOptions}{TargetWords.Write("token", TokenFile)}";

    /// <summary>Reads what follows the directive; null when it is no such target.</summary>
    internal static HttpTarget? Read(string directive, string value)
    {
        var words = new TargetWords(value);
        string protocol = words.Take("protocol") ?? "tus";
        return protocol is "tus" or "put" && HttpUrl.TryParse(words.First, out HttpUrl? url) && url.IsSecure == (directive == "https")
            && TryTakeTrust(words, url, out string? authority, out string? certificate)
            && words.TryTakeFile("token", out string? token) && words.AreTaken
            ? new HttpTarget(url, protocol == "put" ? UploadProtocol.Put : UploadProtocol.Tus, authority, certificate, token)
            : null;
    }
}
