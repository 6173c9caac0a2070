using System.Globalization;
using System.Text;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Receiving;

/// <summary>
/// What is durable of a crash that is being received: a file in its folder, by which a second connection goes on where the first
/// was cut. While a connection lasts it is locked.
/// </summary>
internal sealed class ReceiveJournal : IDisposable
{
    /// <summary>Its name: no file of a crash has one that begins so.</summary>
    internal const string FileName = ".receiving";

    private const int MaxBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly List<string> _lines = [];

    private ReceiveJournal(FileStream file) => _file = file;

    /// <summary>Name, bytes and SHA-256 of the files that are durable, a line each.</summary>
    internal IReadOnlyList<string> Files => _lines;

    /// <summary>Begins a journal in a new folder.</summary>
    internal static ReceiveJournal Create(DumpFolder folder, long streamId)
    {
        var journal = new ReceiveJournal(Open(folder.Combine(FileName), FileMode.CreateNew));
        journal.Append(Id(streamId));
        return journal;
    }

    /// <summary>The journal in a folder, if it is that stream's; null if it is another's, or none.</summary>
    /// <exception cref="IOException">Another connection has it locked.</exception>
    internal static ReceiveJournal? TryResume(string folder, long streamId)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path) || !ReadLines(path, out string[] lines) || lines[0] != Id(streamId))
        {
            return null;
        }

        var journal = new ReceiveJournal(Open(path, FileMode.Open));

        // Once more, now that nobody else writes to it.
        byte[] bytes = new byte[Math.Min(journal._file.Length, MaxBytes)];
        int read = journal._file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        string[] now = Encoding.UTF8.GetString(bytes, 0, read).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 1; i < now.Length; i++)
        {
            journal._lines.Add(now[i]);
        }

        return journal;
    }

    /// <summary>Notes a file, durable.</summary>
    internal void Add(UnpackedFile file)
    {
        string line = $"{file.StoredAs} {file.Bytes.ToString(CultureInfo.InvariantCulture)} {file.Sha256}";
        _lines.Add(line);
        Append(line);
    }

    /// <summary>Takes it out of its folder: nothing follows.</summary>
    internal void Remove()
    {
        File.Delete(_file.Name);
        _file.Dispose();
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        BufferSize = 0,
        UnixCreateMode = mode == FileMode.CreateNew ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
    });

    // Read without the lock, which the connection that has it keeps.
    private static bool ReadLines(string path, out string[] lines)
    {
        lines = [];
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[64];
        int read = RandomAccess.Read(handle, bytes, 0);
        lines = Encoding.UTF8.GetString(bytes, 0, read).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 0;
    }

    private static string Id(long streamId) => unchecked((ulong)streamId).ToString("x16", CultureInfo.InvariantCulture);

    private void Append(string line)
    {
        _file.Position = _file.Length;
        _file.Write(Encoding.UTF8.GetBytes(line + '\n'));
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }
}
