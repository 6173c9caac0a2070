using System.Globalization;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Receiving;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Streams;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ssh;

/// <summary>
/// A machine that has <c>lifeboat receive</c>: every file is acknowledged with its hash when it is durable there. When a
/// connection is lost the next file goes over a new one, into the same folder.
/// </summary>
internal sealed class SshReceiveStore : CrashStore
{
    private const long SlowestDisk = 10 << 20; // bytes a second that the far side reads back, hashes and syncs at the least

    private readonly SshConnection _connection;
    private readonly string _command;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly List<StoredFile> _stored = [];
    private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);
    private CrashStreamHeader? _header;
    private CrashStreamWriter? _writer;
    private FarSide? _side;
    private AnswerLines? _answers;
    private string? _folder;
    private bool _isAnswered;

    internal SshReceiveStore(SshConnection connection, string folder, TimeProvider time, CancellationToken cancellation)
    {
        _connection = connection;
        _command = $"lifeboat receive {SshConnection.Quoted(folder)}";
        _time = time;
        _cancellation = cancellation;
    }

    public override string Location => _folder is null ? $"{_connection}" : $"{_connection}:{_folder}";

    public override void Begin(DateTimeOffset time, string host)
    {
        // The number is what lets a second connection go on where the first was cut: nobody else is to guess it.
        _header = new CrashStreamHeader(Random.Shared.NextInt64(), time, host);
        Connect();
    }

    public override CrashFileStream Create(string name)
    {
        if (_side is null || _side.HasEnded)
        {
            Connect();
        }

        FarSide side = _side!;
        _isAnswered = false;
        _writer!.BeginFile(name);
        return new StreamedFile(_writer, file => Acknowledge(side, file), () => GiveUp(side, name), () => Look(side));
    }

    public override long? Kept(string name) => _kept.TryGetValue(name, out long bytes) ? bytes : null;

    public override void Publish(bool complete)
    {
        if (_side is null)
        {
            Connect();
        }

        _writer!.Publish(complete);
        string[] words = Expect(_side!, ReceiveProtocol.Published, 2, _connection.StallLimit);
        _folder = words[1];

        // Everything is said: how the far side ends does not matter any more.
        Disconnect();
    }

    protected override void Dispose(bool disposing)
    {
        Disconnect();
        base.Dispose(disposing);
    }

    private void Connect()
    {
        Disconnect();
        _side = new FarSide(_connection.Start(isSubsystem: false, _command), $"{_connection}", _time, _cancellation)
        {
            Limit = _connection.StallLimit,
        };
        _answers = new AnswerLines(_side.Output);
        try
        {
            string greeting = Line(_side, _connection.ConnectLimit);
            if (greeting != ReceiveProtocol.Greeting)
            {
                throw FarSide.BadAnswer($"{_connection}", greeting, $"{ReceiveProtocol.Greeting}, as lifeboat receive says first");
            }

            _writer = new CrashStreamWriter(_side.Input, _header!);
            _folder = Expect(_side, ReceiveProtocol.Folder, 2, _connection.StallLimit)[1];
            CheckThatAllIsThere(_side);
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    // What an earlier connection brought and the far side has acknowledged is not sent again; it must be there.
    private void CheckThatAllIsThere(FarSide side)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        string line;
        while ((line = Line(side, _connection.StallLimit)).StartsWith(ReceiveProtocol.Have + ' ', StringComparison.Ordinal))
        {
            there.Add(line[(ReceiveProtocol.Have.Length + 1)..]);
        }

        foreach (StoredFile file in _stored)
        {
            if (!there.Contains($"{file.Name} {file.Bytes.ToString(CultureInfo.InvariantCulture)} {file.Sha256}"))
            {
                throw FarSide.BadAnswer($"{_connection}", $"{file.Name} is no longer there", "what was acknowledged over an earlier connection");
            }
        }

        if (line != ReceiveProtocol.Ready)
        {
            throw FarSide.BadAnswer($"{_connection}", line, ReceiveProtocol.Ready);
        }
    }

    private StoredFile Acknowledge(FarSide side, StoredFile sent)
    {
        string[] words = Expect(side, ReceiveProtocol.Stored, 4, _connection.StallLimit + TimeSpan.FromSeconds((double)sent.Bytes / SlowestDisk));

        // The dump is rearranged there, and the manifest told of that.
        bool mayDiffer = (words[1] == CrashFileName.Dump && sent.Name == CrashFileName.FlattenedDump)
            || (words[1] == sent.Name && sent.Name == CaptureManifest.FileName);
        if (!long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            || (!mayDiffer && (words[1] != sent.Name || bytes != sent.Bytes || words[3] != sent.Sha256)))
        {
            throw FarSide.BadAnswer($"{_connection}", string.Join(' ', words), $"{ReceiveProtocol.Stored} {sent.Name} {sent.Bytes} {sent.Sha256}");
        }

        var stored = new StoredFile(words[1], bytes, words[3]);
        _stored.Add(stored);
        return stored;
    }

    private void GiveUp(FarSide side, string name)
    {
        try
        {
            _kept[name] = _writer!.EndFile(isWhole: false).Bytes;
            if (!_isAnswered)
            {
                _ = Line(side, _connection.StallLimit);
            }
        }
        catch (Exception error) when (error is IOException or DiagnosticException or OperationCanceledException)
        {
            // The connection is lost: whatever made the file be given up is what the caller tells.
            Disconnect();
        }
    }

    // A far side that cannot take the file says so while it is sent.
    private void Look(FarSide side)
    {
        if (_answers!.HasNews)
        {
            string line = Line(side, TimeSpan.Zero);
            _isAnswered = true;
            throw new IOException($"{_connection}: {line}");
        }
    }

    private string[] Expect(FarSide side, string word, int count, TimeSpan limit)
    {
        string line = Line(side, limit);
        string[] words = line.Split(' ');
        return words[0] == word && words.Length == count ? words
            : words[0] is ReceiveProtocol.Failed or ReceiveProtocol.Error ? throw new IOException($"{_connection}: {line}")
            : throw FarSide.BadAnswer($"{_connection}", line, word);
    }

    private string Line(FarSide side, TimeSpan limit)
    {
        if (_answers!.Next(limit) is { } line)
        {
            return line;
        }

        // It has ended, or is stopped now: either way the connection is of no use any more.
        Exception error = side.Failed(new IOException($"it said nothing for {limit.TotalSeconds:0} s"));
        Disconnect();
        throw error;
    }

    private void Disconnect()
    {
        _side?.Dispose();
        _side = null;
    }
}
