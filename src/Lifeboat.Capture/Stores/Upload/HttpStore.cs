using System.Text;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>A server that takes a crash's files by HTTP.</summary>
/// <remarks>
/// <code>
/// begun        the first file of every crash: it shows that the server takes files, before anything else is sent
/// ...          the crash's files
/// complete     the last: everything was saved. A crash without it is not whole; one whose capture came to its
///              end nevertheless has "incomplete" instead
/// </code>
/// </remarks>
public abstract class HttpStore : CrashStore
{
    /// <summary>The name of the file that is stored before all others.</summary>
    public const string Begun = "begun";

    /// <summary>The name of the file that is stored after all others when everything was saved.</summary>
    public const string Complete = "complete";

    /// <summary>The name of the file that is stored after all others when something is missing.</summary>
    public const string Incomplete = "incomplete";

    internal const string BegunText = $"A crash. It is whole when there is a file named {Complete} beside this one.\n";

    private readonly HttpConnection[] _connections;

    private protected HttpStore(HttpServer server, int connections, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connections);
        Server = server;
        Cancellation = cancellation;
        _connections = new HttpConnection[connections];
        for (int i = 0; i < connections; i++)
        {
            _connections[i] = new HttpConnection(server, cancellation);
        }
    }

    /// <summary>The server, and where on it files go.</summary>
    public HttpServer Server { get; }

    /// <summary>The name of this crash, of its time and host; empty before <see cref="Begin"/>.</summary>
    public string Crash { get; private set; } = "";

    internal CancellationToken Cancellation { get; }

    /// <inheritdoc/>
    public override void Begin(DateTimeOffset time, string host)
    {
        Crash = DumpFolder.NameOf(time, host);
        Prepare();
        PutMark(Begun, BegunText);
    }

    /// <inheritdoc/>
    public sealed override CrashFileStream Create(string name) => new UploadedFile(name, CreateSender(name), _connections.Length);

    /// <inheritdoc/>
    public sealed override void Publish(bool complete) => PutMark(
        complete ? Complete : Incomplete,
        complete ? "Everything was saved.\n" : "Not everything was saved; manifest.json says what is missing.\n");

    internal HttpConnection Connection(int number) => _connections[number];

    /// <summary>Finds out whether the server is one of the kind, and makes the place of the crash.</summary>
    private protected abstract void Prepare();

    /// <summary>What sends a file of this name.</summary>
    private protected abstract PieceSender CreateSender(string name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (HttpConnection connection in _connections)
            {
                connection.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void PutMark(string name, string text)
    {
        using CrashFileStream file = Create(name);
        file.Write(Encoding.ASCII.GetBytes(text));
        file.Commit();
    }
}
