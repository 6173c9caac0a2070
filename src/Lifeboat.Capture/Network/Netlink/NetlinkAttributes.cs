using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>Walks over attributes, and ends at the first one whose length cannot be.</summary>
/// <param name="bytes">The attributes one after the other.</param>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The type of the attribute at hand, without the bits that say how it is coded.</summary>
    internal ushort Type { get; private set; }

    /// <summary>Its value.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Its value as a number of 4 bytes; 0 when it is shorter.</summary>
    internal readonly uint Number => Value.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Value) : 0;

    /// <summary>Its value as a number of 2 bytes; 0 when it is shorter.</summary>
    internal readonly ushort Short => Value.Length >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(Value) : (ushort)0;

    /// <summary>Its value as a number of 2 bytes in the network's order; 0 when it is shorter.</summary>
    internal readonly ushort NetworkShort => Value.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Value) : (ushort)0;

    /// <summary>Its value as a byte; 0 when it is empty.</summary>
    internal readonly byte Byte => Value.IsEmpty ? (byte)0 : Value[0];

    /// <summary>Its value as text up to a zero.</summary>
    internal readonly string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>Its value as a hardware address; null when it is none of Ethernet's, or unset.</summary>
    internal readonly MacAddress? Mac => Value.Length == MacAddress.Size && Value.ContainsAnyExcept((byte)0) ? new MacAddress(Value) : null;

    /// <summary>Goes to the next one.</summary>
    internal bool Next()
    {
        if (_rest.Length < NetlinkWriter.AttributeHeaderSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < NetlinkWriter.AttributeHeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & NetlinkConstants.TypeMask);
        Value = _rest[NetlinkWriter.AttributeHeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
