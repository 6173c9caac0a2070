namespace Lifeboat.Capture.Http.Tls;

/// <summary>Reads one DER element after another (X.690); never beyond what it was given.</summary>
internal ref struct DerReader(ReadOnlySpan<byte> data)
{
    internal const byte Boolean = 0x01;
    internal const byte Integer = 0x02;
    internal const byte BitString = 0x03;
    internal const byte OctetString = 0x04;
    internal const byte ObjectIdentifier = 0x06;
    internal const byte UtcTime = 0x17;
    internal const byte GeneralizedTime = 0x18;
    internal const byte Sequence = 0x30;

    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Whether nothing is left.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The tag of what comes next; 0 at the end.</summary>
    internal readonly byte NextTag => _rest.IsEmpty ? (byte)0 : _rest[0];

    /// <summary>Reads the next element, whatever it is; false when it is damaged.</summary>
    /// <param name="whole">All of it.</param>
    /// <param name="content">What its tag and length enclose.</param>
    internal bool TryRead(out ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> content)
    {
        whole = content = default;
        if (_rest.Length < 2)
        {
            return false;
        }

        int header = 2;
        int length = _rest[1];
        if (length >= 0x80)
        {
            int count = length & 0x7f;
            if (count is 0 or > 3 || _rest.Length < 2 + count)
            {
                return false;
            }

            length = 0;
            foreach (byte value in _rest.Slice(2, count))
            {
                length = (length << 8) | value;
            }

            header += count;
        }

        if (length > _rest.Length - header)
        {
            return false;
        }

        whole = _rest[..(header + length)];
        content = whole[header..];
        _rest = _rest[whole.Length..];
        return true;
    }

    /// <summary>Reads the next element if it has this tag; false otherwise.</summary>
    internal bool TryRead(byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        return NextTag == tag && TryRead(out _, out content);
    }
}
