using System.Globalization;
using System.Text;
using Lifeboat.Capture.Http;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>Signs requests to object stores (AWS Signature Version 4, service s3).</summary>
/// <remarks><para><b>Thread safety.</b> Any number of threads.</para></remarks>
internal sealed class RequestSigner(ObjectKeys keys, string region, string host, TimeProvider clock)
{
    /// <summary>In place of a body's hash, where TLS takes care that it arrives as it was sent.</summary>
    internal const string Unsigned = "UNSIGNED-PAYLOAD";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds the fields that sign a request as it is.</summary>
    /// <param name="request">The request, its query's parameters in the order of their names.</param>
    /// <param name="bodyHash">The body's SHA-256 in hex, or <see cref="Unsigned"/>.</param>
    internal void Sign(HttpRequest request, string bodyHash)
    {
        string time = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{time[..8]}/{region}/s3/aws4_request";
        request.With("x-amz-content-sha256", bodyHash).With("x-amz-date", time);
        string signed = "host;x-amz-content-sha256;x-amz-date";
        var canonical = new StringBuilder()
            .Append(request.Method).Append('\n')
            .Append(PathOf(request.Path, out string query)).Append('\n')
            .Append(query).Append('\n')
            .Append("host:").Append(host).Append('\n')
            .Append("x-amz-content-sha256:").Append(bodyHash).Append('\n')
            .Append("x-amz-date:").Append(time).Append('\n');
        if (keys.Token is { } token)
        {
            request.With("x-amz-security-token", token);
            canonical.Append("x-amz-security-token:").Append(token).Append('\n');
            signed += ";x-amz-security-token";
        }

        canonical.Append('\n').Append(signed).Append('\n').Append(bodyHash);
        string text = $"{Algorithm}\n{time}\n{scope}\n{Hex(Sha256.HashData(Bytes(canonical.ToString())))}";
        byte[] key = Code(Bytes("AWS4" + keys.Secret), time[..8]);
        key = Code(key, region);
        key = Code(key, "s3");
        key = Code(key, "aws4_request");
        request.With("Authorization", $"{Algorithm} Credential={keys.Id}/{scope}, SignedHeaders={signed}, Signature={Hex(Code(key, text))}");
    }

    private static byte[] Code(byte[] key, string text)
    {
        byte[] code = new byte[Sha256.DigestSize];
        using var hmac = new HmacSha256(key);
        hmac.Append(Bytes(text));
        hmac.Finish(code);
        return code;
    }

    private static string PathOf(string path, out string query)
    {
        int mark = path.IndexOf('?');
        query = mark < 0 ? "" : path[(mark + 1)..];
        return mark < 0 ? path : path[..mark];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
