using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Ssh;

/// <summary>
/// A machine with an SFTP server: a folder like that on a disk, each file synced before it is acknowledged where the server can do
/// that; the dump flattened.
/// </summary>
internal sealed class SshSftpStore : CrashStore
{
    private const int MaxFolders = 100;
    private const string NewSuffix = ".new";

    private readonly SshConnection _connection;
    private readonly string _parent;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);
    private FarSide? _side;
    private SftpClient? _client;
    private string? _name;
    private string? _path;

    internal SshSftpStore(SshConnection connection, string folder, TimeProvider time, CancellationToken cancellation)
    {
        _connection = connection;
        _parent = folder;
        _time = time;
        _cancellation = cancellation;
    }

    public override string Location => $"{_connection}:{_path ?? _parent}";

    private SftpClient Client => _client ?? throw new InvalidOperationException("no crash has begun");

    public override void Begin(DateTimeOffset time, string host)
    {
        _side = new FarSide(_connection.Start(isSubsystem: true, "sftp"), $"{_connection}", _time, _cancellation)
        {
            Limit = _connection.ConnectLimit + _connection.StallLimit,
        };
        _client = new SftpClient(_side, $"{_connection}");
        _side.Limit = _connection.StallLimit;
        for (int slash = _parent.IndexOf('/', 1); slash > 0; slash = _parent.IndexOf('/', slash + 1))
        {
            _ = _client.MakeFolder(_parent[..slash]);
        }

        _ = _client.MakeFolder(_parent);
        string name = DumpFolder.NameOf(time, host);
        for (int attempt = 1; ; attempt++)
        {
            _name = attempt == 1 ? name : $"{name}-{attempt}";
            _path = $"{_parent}/{_name}{DumpFolder.PartialSuffix}";
            if (_client.MakeFolder(_path) is not { } refusal)
            {
                return;
            }

            if (attempt == MaxFolders)
            {
                throw new IOException($"{_connection}: no folder can be made in {_parent}: {refusal}");
            }
        }
    }

    public override CrashFileStream Create(string name)
    {
        bool replaces = _stored.Contains(name);
        string path = $"{_path}/{name}{(replaces ? NewSuffix : "")}";
        return new SftpFile(Client, name, Client.Create(path), file =>
        {
            if (replaces)
            {
                Client.Rename(path, $"{_path}/{name}", replaces: true);
            }

            _stored.Add(name);
            return file;
        }, bytes => _kept[name] = bytes);
    }

    public override long? Kept(string name) => _kept.TryGetValue(name, out long bytes) ? bytes : null;

    public override void Publish(bool complete)
    {
        string path = $"{_parent}/{_name}{(complete ? "" : DumpFolder.IncompleteSuffix)}";
        Client.Rename(_path!, path, replaces: false);
        _path = path;
        _side!.Finish(_connection.StallLimit);
    }

    protected override void Dispose(bool disposing)
    {
        _side?.Dispose();
        _side = null;
        base.Dispose(disposing);
    }
}
