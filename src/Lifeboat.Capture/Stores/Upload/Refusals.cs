using System.Text;
using Lifeboat.Capture.Http;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>What servers refuse for good, in words.</summary>
internal static class Refusals
{
    /// <summary>Passes an answer on that is a success.</summary>
    /// <exception cref="DiagnosticException">It is none.</exception>
    internal static HttpResponse Require(this HttpResponse answer, HttpServer server, HttpRequest request) =>
        answer.IsSuccess ? answer : throw Of(answer, server, request);

    internal static DiagnosticException Of(HttpResponse answer, HttpServer server, HttpRequest request) =>
        new(new Diagnostic(CaptureDiagnostics.UploadRefused, $"The server refuses {request.Method}")
        {
            Where = server.Url.WithPath(PathOf(request)),
            Found = answer.Shown,
            Expected = "success, 200 to 299",
            Remedy = RemedyFor(answer),
        });

    internal static DiagnosticException Lacks(HttpServer server, string what, string found, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.ServerLacks, what)
        {
            Where = server.Url.ToString(),
            Found = found,
            Remedy = remedy,
        });

    private static string? RemedyFor(HttpResponse answer)
    {
        string body = Encoding.UTF8.GetString(answer.Body);
        return body.Contains("RequestTimeTooSkewed", StringComparison.Ordinal) ? "This machine's clock differs from the server's: set it"
            : answer.Status switch
            {
                401 or 403 => "Is the token, or are the keys, those that the server expects, and may they write there?",
                404 or 405 => "Is it the right URL, and does the server take files there?",
                413 or 507 => "The server has no room, or takes no files of that size",
                _ => null,
            };
    }

    private static string PathOf(HttpRequest request)
    {
        int query = request.Path.IndexOf('?');
        return query < 0 ? request.Path : request.Path[..query];
    }
}
