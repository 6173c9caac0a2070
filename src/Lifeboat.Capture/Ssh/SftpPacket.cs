using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Capture.Ssh;

/// <summary>A packet of SFTP that is being put together: big endian, its length first.</summary>
internal sealed class SftpPacket
{
    private const int LengthSize = 4;

    private byte[] _bytes = new byte[256];
    private int _length = LengthSize;

    /// <summary>The packet with its length.</summary>
    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            BinaryPrimitives.WriteInt32BigEndian(_bytes, _length - LengthSize);
            return _bytes.AsSpan(0, _length);
        }
    }

    /// <summary>Begins another packet.</summary>
    internal SftpPacket Begin(SftpKind kind)
    {
        _length = LengthSize;
        Take(1)[0] = (byte)kind;
        return this;
    }

    internal SftpPacket Add(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    internal SftpPacket Add(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        return this;
    }

    internal SftpPacket Add(ReadOnlySpan<byte> bytes)
    {
        Add((uint)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    internal SftpPacket Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
