using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>The keys to an object store.</summary>
/// <param name="id">The access key's name.</param>
/// <param name="secret">The key itself.</param>
/// <param name="token">The token of a session that they are of; null when they are of none.</param>
public sealed class ObjectKeys(string id, string secret, string? token)
{
    private const int MaxLength = 64 << 10;

    /// <summary>The access key's name.</summary>
    public string Id { get; } = id;

    /// <summary>The session's token; null for none.</summary>
    public string? Token { get; } = token;

    internal string Secret { get; } = secret;

    /// <summary>
    /// Reads keys out of a file as the tools of object stores have it: <c>aws_access_key_id = ...</c>, <c>aws_secret_access_key</c> and,
    /// for a session, <c>aws_session_token</c>, a line each. Of several profiles the first is taken.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="DiagnosticException">It lacks one of the two keys, or one has characters that no key has.</exception>
    public static ObjectKeys Parse(string text, string name)
    {
        string? id = null;
        string? secret = null;
        string? token = null;
        foreach (string line in text.Length > MaxLength ? [] : text.Split('\n'))
        {
            int equals = line.IndexOf('=');
            if (equals < 0)
            {
                continue;
            }

            string value = line[(equals + 1)..].Trim();
            switch (line[..equals].Trim().ToLowerInvariant())
            {
                case "aws_access_key_id":
                    id ??= value;
                    break;
                case "aws_secret_access_key":
                    secret ??= value;
                    break;
                case "aws_session_token":
                    token ??= value;
                    break;
            }
        }

        return IsKey(id) && IsKey(secret) && (token is null || IsKey(token))
            ? new ObjectKeys(id!, secret!, token)
            : throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.BadSecretFile, "A file has no keys to an object store")
            {
                Where = name,
                Expected = "lines aws_access_key_id = ... and aws_secret_access_key = ..., perhaps aws_session_token = ...",
            });
    }

    private static bool IsKey(string? key) => key is { Length: > 0 } && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
