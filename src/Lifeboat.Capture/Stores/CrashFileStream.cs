using Lifeboat.Core.IO;

namespace Lifeboat.Capture.Stores;

/// <summary>
/// A file of a crash that is being written, from its begin to its end. Disposed without <see cref="Commit"/>, it keeps what
/// the store can keep of it.
/// </summary>
public abstract class CrashFileStream : SequentialStream
{
    /// <inheritdoc/>
    public sealed override bool CanRead => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => true;

    /// <summary>Ends the file; returns when it is on stable storage, or the far side has acknowledged that it is.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public abstract StoredFile Commit();

    /// <inheritdoc/>
    public abstract override void Write(ReadOnlySpan<byte> buffer);
}
