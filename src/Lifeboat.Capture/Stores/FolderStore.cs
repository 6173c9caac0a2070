using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Stores;

/// <summary>A folder of a mounted filesystem, in which each crash gets a <see cref="DumpFolder"/>.</summary>
/// <param name="parent">The folder of all crashes; made when it is not there.</param>
/// <param name="createFile">Opens a file of it; a test makes that fail. Null for the filesystem's own.</param>
/// <param name="close">Called when the store is let go: unmounts the filesystem.</param>
/// <param name="largestFile">Bytes that a file of the filesystem can have; null for no limit.</param>
public sealed class FolderStore(
    string parent, Func<string, Stream>? createFile = null, Action? close = null, long? largestFile = null) : CrashStore
{
    private const string ReserveFile = ".reserve";

    private readonly Func<string, Stream> _createFile = createFile
        ?? (static path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read));

    private DumpFolder? _folder;

    /// <summary>The folder of all crashes.</summary>
    public string Parent => parent;

    /// <summary>Names a path as it is called elsewhere, where the filesystem is another host's; null when it is this machine's.</summary>
    public Func<string, string>? NameElsewhere { get; init; }

    /// <inheritdoc/>
    public override string Location => NameElsewhere?.Invoke(_folder?.Path ?? parent) ?? _folder?.Path ?? parent;

    /// <inheritdoc/>
    public override string? Folder => _folder?.Path;

    private DumpFolder Begun => _folder ?? throw new InvalidOperationException("the crash has no folder yet");

    /// <inheritdoc/>
    public override void Begin(DateTimeOffset time, string host) => _folder = DumpFolder.Create(parent, time, host);

    /// <inheritdoc/>
    public override CrashFileStream Create(string name)
    {
        // What is there is replaced when the new one is durable; what is not is kept even if it is cut short.
        string path = Begun.Combine(name);
        bool replaces = File.Exists(path);
        return new FolderFile(name, _createFile(replaces ? path + FolderFile.NewSuffix : path), Begun, replaces);
    }

    /// <inheritdoc/>
    public override long? Kept(string name)
    {
        string path = Begun.Combine(name);
        return File.Exists(path) ? new FileInfo(path).Length : null;
    }

    /// <inheritdoc/>
    public override long? Room => new DriveInfo(Begun.Path).AvailableFreeSpace;

    /// <inheritdoc/>
    public override long? LargestFile => largestFile;

    /// <inheritdoc/>
    public override bool Cut(string name, long bytes)
    {
        if (Kept(name) is not { } length)
        {
            return false;
        }

        using var stream = new FileStream(Begun.Combine(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(Math.Max(0, length - bytes));
        stream.Flush(flushToDisk: true);
        return true;
    }

    /// <inheritdoc/>
    public override void Reserve(int bytes)
    {
        using Stream stream = _createFile(Begun.Combine(ReserveFile));
        stream.Write(new byte[bytes]);
        DurableFile.Flush(stream);
        Begun.Sync();
    }

    /// <inheritdoc/>
    public override void Release() => File.Delete(Begun.Combine(ReserveFile));

    /// <inheritdoc/>
    public override IReadOnlyList<string> RemoveOlder(string host, CaptureBudget budget, DateTimeOffset now) =>
        Retention.Apply(parent, Begun.Path, host, budget, now);

    /// <inheritdoc/>
    public override void Publish(bool complete) => Begun.Publish(complete);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        close?.Invoke();
        base.Dispose(disposing);
    }
}
