using Lifeboat.Capture.Http;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>
/// A server of resumable uploads, by the protocol tus 1.0: what is cut goes on where the server has it. Each file is an upload of its
/// own, with the crash's name and its own in the upload's metadata (<c>folder</c>, <c>filename</c>).
/// </summary>
/// <remarks>
/// One connection: parts that are sent at the same time would have to be joined by the server (concatenation), in an order that names
/// them all in one header, which servers limit to a few kilobytes.
/// </remarks>
public sealed class TusStore : HttpStore
{
    private readonly string? _authorization;
    private string? _keptName;
    private long _keptBytes;

    /// <summary>A store on a server.</summary>
    /// <param name="server">The server, and the URL that uploads are created at.</param>
    /// <param name="authorization">What the server wants to see as Authorization; null for nothing.</param>
    /// <param name="cancellation">Ends every wait.</param>
    public TusStore(HttpServer server, string? authorization, CancellationToken cancellation)
        : base(server, connections: 1, cancellation) => _authorization = authorization;

    /// <inheritdoc/>
    public override string Location => $"{Server.Url} ({Crash})";

    /// <inheritdoc/>
    public override bool CanReplace => false;

    /// <summary>Whether an upload can begin before its length is known.</summary>
    internal bool TakesUnknownLength { get; private set; }

    /// <summary>Whether the server checks each piece by its SHA-256.</summary>
    internal bool TakesSha256 { get; private set; }

    /// <inheritdoc/>
    public override long? Kept(string name) => name == _keptName ? _keptBytes : null;

    internal void Keep(string name, long bytes)
    {
        _keptName = name;
        _keptBytes = bytes;
    }

    internal HttpRequest Request(string method, string path)
    {
        HttpRequest request = new HttpRequest(method, path).With("Tus-Resumable", "1.0.0");
        return _authorization is null ? request : request.With("Authorization", _authorization);
    }

    /// <inheritdoc/>
    private protected override void Prepare()
    {
        HttpRequest request = Request("OPTIONS", Server.Url.Path);
        HttpResponse answer = new Retry(Server, Cancellation).Run(() => Connection(0).Send(request, [])).Require(Server, request);
        if (!answer.Fields.Lists("Tus-Version", "1.0.0") || !answer.Fields.Lists("Tus-Extension", "creation"))
        {
            throw Refusals.Lacks(
                Server, "The server takes no uploads by the protocol tus 1.0",
                $"Tus-Version: {answer.Fields.Find("Tus-Version")}, Tus-Extension: {answer.Fields.Find("Tus-Extension")}",
                "Name the URL that a tus server creates uploads at, or say protocol=put");
        }

        TakesUnknownLength = answer.Fields.Lists("Tus-Extension", "creation-defer-length");
        TakesSha256 = answer.Fields.Lists("Tus-Extension", "checksum") && answer.Fields.Lists("Tus-Checksum-Algorithm", "sha256");
    }

    /// <inheritdoc/>
    private protected override PieceSender CreateSender(string name) => new TusSender(this, name);
}
