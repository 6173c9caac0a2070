using Lifeboat.Capture.Http;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>A server that takes each file by one PUT, at <c>URL/TIME-HOST/NAME</c>: WebDAV, nginx's dav module and the like.</summary>
/// <remarks>
/// A file of up to 4 MiB is sent again after a cut. A larger one streams out of the dump and cannot be: it fails, and what the server
/// keeps of it is the server's choice. A crash that must get through bad connections goes by tus or to an object store.
/// </remarks>
public sealed class PutStore : HttpStore
{
    private readonly string? _authorization;

    /// <summary>A store on a server.</summary>
    /// <param name="server">The server, and the URL that files are put below.</param>
    /// <param name="authorization">What the server wants to see as Authorization; null for nothing.</param>
    /// <param name="cancellation">Ends every wait.</param>
    public PutStore(HttpServer server, string? authorization, CancellationToken cancellation)
        : base(server, connections: 1, cancellation) => _authorization = authorization;

    /// <inheritdoc/>
    public override string Location => Server.Url.WithPath(Server.Url.Below(Crash));

    internal HttpRequest Request(string method, string path)
    {
        var request = new HttpRequest(method, path);
        return _authorization is null ? request : request.With("Authorization", _authorization);
    }

    // Servers that make no folders by themselves answer 409 or 404 to a file in one; those that do may not know MKCOL. Whether there is
    // a place for the crash shows with its first file.
    /// <inheritdoc/>
    private protected override void Prepare()
    {
        HttpRequest request = Request("MKCOL", Server.Url.Below(Crash) + "/");
        HttpResponse answer = new Retry(Server, Cancellation).Run(() => Connection(0).Send(request, []));
        if (answer.Status is 401 or 407)
        {
            throw Refusals.Of(answer, Server, request);
        }
    }

    /// <inheritdoc/>
    private protected override PieceSender CreateSender(string name) => new PutSender(this, Server.Url.Below(Crash, name));
}
