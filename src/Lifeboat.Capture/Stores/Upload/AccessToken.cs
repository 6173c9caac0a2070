using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>What shows a server who writes: the content of a file, sent as Authorization.</summary>
public static class AccessToken
{
    private const int MaxLength = 8 << 10;

    /// <summary>
    /// The field's value: a token alone is sent as <c>Bearer TOKEN</c>; a scheme and its credentials, such as <c>Basic dXNlcjpwYXNz</c>,
    /// as they are.
    /// </summary>
    /// <param name="text">The file: one line.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="DiagnosticException">It is empty, or more than that.</exception>
    public static string Parse(string text, string name)
    {
        string token = text.Trim();
        int space = token.IndexOf(' ');
        return token.Length is > 0 and <= MaxLength && token.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
            && token.AsSpan(space + 1).IndexOf(' ') < 0
            ? space < 0 ? "Bearer " + token : token
            : throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.BadSecretFile, "A file has no token for a server")
            {
                Where = name,
                Expected = "one line: a token, or a scheme and its credentials",
            });
    }
}
