using Lifeboat.Capture.Stores;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Ssh;

/// <summary>A file on an SFTP server, hashed on the way.</summary>
internal sealed class SftpFile(
    SftpClient client, string name, byte[] handle, Func<StoredFile, StoredFile> store, Action<long> keep) : CrashFileStream
{
    private readonly Sha256 _hash = new();
    private long _length;
    private bool _isEnded;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        client.Write(handle, _length, buffer);
        _hash.Append(buffer);
        _length += buffer.Length;
    }

    public override StoredFile Commit()
    {
        client.Close(handle);
        _isEnded = true;
        return store(new StoredFile(name, _length, Convert.ToHexStringLower(_hash.Finish())));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isEnded)
        {
            _isEnded = true;
            try
            {
                keep(_length);
                client.Close(handle);
            }
            catch (Exception error) when (error is IOException or DiagnosticException or OperationCanceledException)
            {
                // The server keeps what it has; whatever made the file be given up is what the caller tells.
            }
        }

        base.Dispose(disposing);
    }
}
