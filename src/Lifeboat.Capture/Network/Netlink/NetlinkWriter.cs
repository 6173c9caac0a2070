using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>
/// Writes one request of rtnetlink (linux/netlink.h, linux/rtnetlink.h): a header of 16 bytes, a structure of the request's kind,
/// attributes of which each begins with its length and type and is padded to 4 bytes. Numbers are in the machine's order, which is
/// little-endian on every machine that this program runs on.
/// </summary>
/// <remarks>A request of ours is a few hundred bytes; it grows as it must.</remarks>
internal sealed class NetlinkWriter
{
    internal const int HeaderSize = 16;
    internal const int AttributeHeaderSize = 4;

    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>Begins a request.</summary>
    /// <param name="type">What is asked for, <c>RTM_*</c>.</param>
    /// <param name="flags">How, <c>NLM_F_*</c>; that it is a request is added.</param>
    /// <param name="body">The structure of its kind.</param>
    internal NetlinkWriter(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        Span<byte> header = Take(HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(flags | NetlinkConstants.FlagRequest));
        body.CopyTo(Take(body.Length));
    }

    /// <summary>The request with its length and a number by which its answer is known.</summary>
    internal ReadOnlySpan<byte> Finish(uint sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(8), sequence);
        return _bytes.AsSpan(0, _length);
    }

    internal NetlinkWriter Bytes(ushort type, ReadOnlySpan<byte> value)
    {
        Span<byte> attribute = Take(AttributeHeaderSize + value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)attribute.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], type);
        value.CopyTo(attribute[AttributeHeaderSize..]);
        return this;
    }

    internal NetlinkWriter Number(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(type, bytes);
    }

    internal NetlinkWriter Short(ushort type, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Bytes(type, bytes);
    }

    /// <summary>A number in the network's order, of which there are a few.</summary>
    internal NetlinkWriter NetworkShort(ushort type, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return Bytes(type, bytes);
    }

    internal NetlinkWriter Byte(ushort type, byte value) => Bytes(type, [value]);

    internal NetlinkWriter Text(ushort type, string value) => Bytes(type, Encoding.ASCII.GetBytes(value + '\0'));

    internal NetlinkWriter Address(ushort type, IPAddress value) => Bytes(type, value.GetAddressBytes());

    /// <summary>Begins an attribute that holds others; <see cref="End"/> takes what this gives.</summary>
    internal int Begin(ushort type)
    {
        int start = _length;
        Bytes(type, []);
        return start;
    }

    internal NetlinkWriter End(int start)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(start), (ushort)(_length - start));
        return this;
    }

    // What is between a part's end and the next multiple of 4 stays zero.
    private Span<byte> Take(int size)
    {
        int start = _length;
        int end = start + ((size + 3) & ~3);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, 2 * _bytes.Length));
        }

        _length = end;
        return _bytes.AsSpan(start, size);
    }
}
