using Lifeboat.Capture.Targets;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Stores;

/// <summary>A file of a <see cref="FolderStore"/>: hashed on the way, and synced with its folder when it is committed.</summary>
internal sealed class FolderFile(string name, Stream stream, DumpFolder folder, bool replaces) : CrashFileStream
{
    /// <summary>The ending of a file that is to take another one's place.</summary>
    internal const string NewSuffix = ".new";

    private readonly Sha256 _hash = new();
    private long _written;
    private bool _flushed;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        stream.Write(buffer);
        _hash.Append(buffer);
        _written += buffer.Length;
    }

    public override StoredFile Commit()
    {
        FlushOnce();
        stream.Dispose();
        if (replaces)
        {
            File.Move(folder.Combine(name + NewSuffix), folder.Combine(name), overwrite: true);
        }

        folder.Sync();
        return new StoredFile(name, _written, Convert.ToHexStringLower(_hash.Finish()));
    }

    protected override void Dispose(bool disposing)
    {
        // On a full disk the writing has failed; what did get through is kept nevertheless.
        try
        {
            FlushOnce();
        }
        catch (IOException)
        {
            // The caller has the error that came first.
        }
        finally
        {
            stream.Dispose();
            base.Dispose(disposing);
        }
    }

    private void FlushOnce()
    {
        if (!_flushed)
        {
            _flushed = true;
            DurableFile.Flush(stream);
        }
    }
}
