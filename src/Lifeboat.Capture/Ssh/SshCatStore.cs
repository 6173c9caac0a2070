using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ssh;

/// <summary>
/// A machine that has nothing of ours but a shell: the crash stream as one file, which <c>lifeboat fetch-raw</c> opens. What the
/// far side has is known only at the end, by its exit status.
/// </summary>
internal sealed class SshCatStore : CrashStore
{
    /// <summary>The ending of the file's name.</summary>
    internal const string Suffix = ".crash";

    private readonly SshConnection _connection;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);
    private CrashStreamWriter? _writer;
    private FarSide? _side;
    private string _location;

    internal SshCatStore(SshConnection connection, string folder, TimeProvider time, CancellationToken cancellation)
    {
        _connection = connection;
        _folder = folder;
        _time = time;
        _cancellation = cancellation;
        _location = $"{connection}:{folder}";
    }

    public override string Location => _location;

    private CrashStreamWriter Writer => _writer ?? throw new InvalidOperationException("no crash has begun");

    public override void Begin(DateTimeOffset time, string host)
    {
        // A file that is there is left alone (set -C).
        string path = $"{_folder}/{DumpFolder.NameOf(time, host)}{Suffix}";
        _location = $"{_connection}:{path}";
        string file = SshConnection.Quoted(path);
        _side = new FarSide(
            _connection.Start(isSubsystem: false, $"umask 077 && mkdir -p {SshConnection.Quoted(_folder)} && set -C && cat > {file} && sync {file}"),
            $"{_connection}", _time, _cancellation)
        {
            Limit = _connection.ConnectLimit + _connection.StallLimit,
        };
        _writer = new CrashStreamWriter(_side.Input, new CrashStreamHeader(Random.Shared.NextInt64(), time, host));
        _side.Limit = _connection.StallLimit;
    }

    public override CrashFileStream Create(string name)
    {
        Writer.BeginFile(name);
        return new StreamedFile(Writer, static file => file, () => GiveUp(name));
    }

    public override long? Kept(string name) => _kept.TryGetValue(name, out long bytes) ? bytes : null;

    public override void Publish(bool complete)
    {
        Writer.Publish(complete);
        _side!.Finish(_connection.StallLimit);
    }

    protected override void Dispose(bool disposing)
    {
        _side?.Dispose();
        _side = null;
        base.Dispose(disposing);
    }

    private void GiveUp(string name)
    {
        try
        {
            _kept[name] = Writer.EndFile(isWhole: false).Bytes;
        }
        catch (Exception error) when (error is IOException or DiagnosticException or OperationCanceledException)
        {
            // The connection is lost; the next write says so again.
        }
    }
}
