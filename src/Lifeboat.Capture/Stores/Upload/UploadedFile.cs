using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>A file that goes to a server piece by piece.</summary>
internal sealed class UploadedFile(string name, PieceSender sender, int connections) : CrashFileStream
{
    private readonly PieceQueue _queue = new(sender, connections);
    private readonly Sha256 _hash = new();
    private long _length;
    private bool _isDone;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _queue.Write(buffer);
        _hash.Append(buffer);
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override StoredFile Commit()
    {
        _queue.Finish();
        sender.Complete(_length);
        _isDone = true;
        return new StoredFile(name, _length, Convert.ToHexStringLower(_hash.Finish()));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _queue.Dispose();
            if (!_isDone)
            {
                _isDone = true;
                sender.Abandon();
            }
        }

        base.Dispose(disposing);
    }
}
