using System.Globalization;
using Lifeboat.Capture.Http;

namespace Lifeboat.Capture.Settings;

/// <summary>A bucket of an object store, which a crash is sent to by S3's protocol.</summary>
/// <param name="Url">The bucket, in the path or in the host's name, and the prefix in it.</param>
/// <param name="Region">The store's region.</param>
/// <param name="Connections">How many parts of the dump are sent at a time.</param>
/// <param name="AuthorityFile">With https: a PEM file of the CAs that are trusted; null when one certificate is.</param>
/// <param name="CertificateFile">With https: a PEM file of the server's own certificate; null when CAs are trusted.</param>
/// <param name="CredentialsFile">A file with the keys.</param>
public sealed record ObjectStoreTarget(
    HttpUrl Url, string Region, int Connections, string? AuthorityFile, string? CertificateFile, string CredentialsFile)
    : UploadTarget(Url, AuthorityFile, CertificateFile, CredentialsFile)
{
    private const string UsualRegion = "us-east-1";
    private const int UsualConnections = 2;
    private const int MaxConnections = 16;

    /// <inheritdoc/>
    public override string Directive => "s3";

    /// <inheritdoc/>
    public override string Value =>
        $"{Url}{TargetWords.Write("region", Region == UsualRegion ? null : Region)}{TargetWords.Write("credentials", CredentialsFile)}{TrustOptions}"
        + TargetWords.Write("connections", Connections == UsualConnections ? null : Connections.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads what follows the directive; null when it is no such target.</summary>
    internal static ObjectStoreTarget? Read(string value)
    {
        var words = new TargetWords(value);
        if (!HttpUrl.TryParse(words.First, out HttpUrl? url) || !IsSigned(url.Path)
            || !TryTakeTrust(words, url, out string? authority, out string? certificate)
            || !words.TryTakeFile("credentials", out string? credentials) || credentials is null)
        {
            return null;
        }

        string region = words.Take("region") ?? UsualRegion;
        string count = words.Take("connections") ?? UsualConnections.ToString(CultureInfo.InvariantCulture);
        return IsRegion(region) && words.AreTaken
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int connections) && connections is > 0 and <= MaxConnections
            ? new ObjectStoreTarget(url, region, connections, authority, certificate, credentials)
            : null;
    }

    // Stores sign a path as they would escape it themselves: only what nobody escapes is sure to be the same.
    private static bool IsSigned(string path)
    {
        foreach (char character in path)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('/' or '-' or '.' or '_' or '~'))
            {
                return false;
            }
        }

        return !path.Contains("//", StringComparison.Ordinal);
    }

    private static bool IsRegion(string region)
    {
        foreach (char character in region)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return region.Length is > 0 and <= 64;
    }
}
