using Lifeboat.Core.IO;

namespace Lifeboat.Capture.Streams;

/// <summary>One file of a crash stream, read once from its begin to its end; gives what there is of it.</summary>
public sealed class ArrivingFileStream : SequentialStream
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
    public override bool CanWrite => false;

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

    /// <summary>Reads what is left of it.</summary>
    public void Drain()
    {
        while (!Peek().IsEmpty)
        {
            Bytes += _piece.Length;
            _piece = default;
        }
    }
}
