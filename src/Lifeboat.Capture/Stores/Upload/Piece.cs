using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>A part of a file that is kept until the server has acknowledged it.</summary>
internal sealed class Piece(int size) : IDisposable
{
    private readonly NativeBuffer _buffer = new(size);

    /// <summary>Its place among the file's pieces, from 0.</summary>
    internal int Number { get; private set; }

    /// <summary>Where in the file it begins.</summary>
    internal long Offset { get; private set; }

    /// <summary>Whether the file ends with it.</summary>
    internal bool IsLast { get; set; }

    internal int Length { get; private set; }

    internal int Size => _buffer.Length;

    internal ReadOnlySpan<byte> Data => _buffer.Span[..Length];

    internal void Begin(int number, long offset)
    {
        Number = number;
        Offset = offset;
        Length = 0;
        IsLast = false;
    }

    /// <summary>Takes what fits in the size that the piece is to have; how much that was.</summary>
    internal int Append(ReadOnlySpan<byte> data, int size)
    {
        int taken = Math.Min(data.Length, size - Length);
        data[..taken].CopyTo(_buffer.Span[Length..]);
        Length += taken;
        return taken;
    }

    public void Dispose() => _buffer.Dispose();
}
