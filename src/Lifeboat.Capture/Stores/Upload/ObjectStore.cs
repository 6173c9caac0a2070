using Lifeboat.Capture.Http;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>
/// A bucket of an object store that speaks S3's protocol: each file is an object, <c>PREFIX/TIME-HOST/NAME</c>; a large one is sent in
/// parts, several at a time.
/// </summary>
public sealed class ObjectStore : HttpStore
{
    private readonly RequestSigner _signer;

    /// <summary>A store in a bucket.</summary>
    /// <param name="server">
    /// The server, and the URL of the bucket and the prefix in it: <c>https://HOST/BUCKET/PREFIX</c>, or <c>https://BUCKET.HOST/PREFIX</c>.
    /// </param>
    /// <param name="keys">The keys.</param>
    /// <param name="region">The store's region.</param>
    /// <param name="connections">How many parts are sent at a time; each takes 5 MiB of memory, and a long dump up to 50 MiB.</param>
    /// <param name="cancellation">Ends every wait.</param>
    public ObjectStore(HttpServer server, ObjectKeys keys, string region, int connections, CancellationToken cancellation)
        : base(server, connections, cancellation) =>
        _signer = new RequestSigner(keys, region, server.Url.Authority, server.Clock);

    /// <inheritdoc/>
    public override string Location => Server.Url.WithPath(Server.Url.Below(Crash));

    /// <summary>Sends a request until it succeeds or fails for good.</summary>
    internal HttpResponse Send(HttpConnection connection, string method, string path, Piece? body) =>
        Send(connection, method, path, body is null ? null : () => body.Data);

    /// <summary>Sends a request with a body of text until it succeeds or fails for good.</summary>
    internal HttpResponse Send(HttpConnection connection, string method, string path, byte[] body) =>
        Send(connection, method, path, () => body);

    /// <summary>Sends a request once.</summary>
    internal HttpResponse SendOnce(HttpConnection connection, string method, string path, ReadOnlySpan<byte> body)
    {
        var request = new HttpRequest(method, path);
        _signer.Sign(request, Server.Url.IsSecure ? RequestSigner.Unsigned : Convert.ToHexStringLower(Sha256.HashData(body)));
        return connection.Send(request, body);
    }

    // Whether the bucket takes anything shows with the first object.
    /// <inheritdoc/>
    private protected override void Prepare()
    {
    }

    /// <inheritdoc/>
    private protected override PieceSender CreateSender(string name) => new ObjectSender(this, Server.Url.Below(Crash, name));

    private HttpResponse Send(HttpConnection connection, string method, string path, BodySource? body) =>
        new Retry(Server, Cancellation)
            .Run(() => SendOnce(connection, method, path, body is null ? [] : body()))
            .Require(Server, new HttpRequest(method, path));

    private delegate ReadOnlySpan<byte> BodySource();
}
