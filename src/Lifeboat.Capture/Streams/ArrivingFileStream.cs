namespace Lifeboat.Capture.Streams;

/// <summary>One file of a crash stream, read once from its begin to its end; gives what there is of it.</summary>
public sealed class ArrivingFileStream : Stream
{
    private readonly CrashStreamReader _reader;
    private ReadOnlyMemory<byte> _piece;

    internal ArrivingFileStream(CrashStreamReader reader, string name)
    {
        _reader = reader;
        Name = name;
    }

    /// <summary>Its name: letters, digits, dots, dashes and underscores.</summary>
    public string Name { get; }

    /// <summary>Bytes given so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>What became of it; known once it was read to its end.</summary>
    public CrashFileState State { get; internal set; }

    /// <summary>The SHA-256 in hex of what was there; null before its end.</summary>
    public string? Sha256 { get; internal set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What will be read next, some of it at least, unless there is nothing.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        if (_piece.IsEmpty)
        {
            _piece = _reader.NextPiece(this);
        }

        return _piece.Span;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> piece = Peek();
        int taken = Math.Min(piece.Length, buffer.Length);
        piece[..taken].CopyTo(buffer);
        _piece = _piece[taken..];
        Bytes += taken;
        return taken;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads what is left of it.</summary>
    public void Drain()
    {
        while (!Peek().IsEmpty)
        {
            Bytes += _piece.Length;
            _piece = default;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
