namespace Lifeboat.Core.Sealing;

/// <summary>A stream with a window on what comes next in it, of a size that does not grow.</summary>
internal sealed class ReadAhead(Stream source, int capacity)
{
    private readonly byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>Bytes of the stream before the window.</summary>
    internal long Offset { get; private set; }

    /// <summary>What was read and not yet consumed.</summary>
    internal ReadOnlySpan<byte> Window => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads until the window has so many bytes, at most the capacity, or the stream ends; returns how many it has.</summary>
    internal int Ensure(int count)
    {
        if (_buffer.Length - _start < count)
        {
            Window.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            int read = source.Read(_buffer.AsSpan(_end));
            if (read == 0)
            {
                break;
            }

            _end += read;
        }

        return _end - _start;
    }

    /// <summary>Takes bytes out of the window.</summary>
    internal void Consume(int count)
    {
        _start += count;
        Offset += count;
    }
}
