using System.Net;
using static Lifeboat.Capture.Network.Dhcp.DhcpFormat;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>
/// Looks options up in a message: in their own field, and where the option <c>overload</c> says so in those of the file's and the
/// server's name. A field ends at the first option whose length cannot be.
/// </summary>
/// <param name="message">The message, as long as its fixed part at least.</param>
internal readonly ref struct DhcpOptions(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>The value of the first option of a kind; empty without.</summary>
    internal ReadOnlySpan<byte> First(byte option)
    {
        for (int field = 0; field < 3; field++)
        {
            ReadOnlySpan<byte> rest = Field(field);
            while (TryNext(ref rest, out byte kind, out ReadOnlySpan<byte> value))
            {
                if (kind == option)
                {
                    return value;
                }
            }
        }

        return default;
    }

    /// <summary>The values of all options of a kind, one after the other: a long one comes in several (RFC 3396).</summary>
    internal ReadOnlySpan<byte> Whole(byte option)
    {
        byte[] whole = new byte[_message.Length];
        int length = 0;
        for (int field = 0; field < 3; field++)
        {
            ReadOnlySpan<byte> rest = Field(field);
            while (TryNext(ref rest, out byte kind, out ReadOnlySpan<byte> value))
            {
                if (kind == option)
                {
                    value.CopyTo(whole.AsSpan(length));
                    length += value.Length;
                }
            }
        }

        return whole.AsSpan(0, length);
    }

    /// <summary>The first address of an option; null without.</summary>
    internal IPAddress? Address(byte option) =>
        First(option) is { Length: >= IPBytes.Four } value ? new IPAddress(value[..IPBytes.Four]) : null;

    private ReadOnlySpan<byte> Field(int field)
    {
        int overload = field == 0 ? 0 : OverloadOf(_message[OptionsOffset..]);
        return field switch
        {
            0 => _message[OptionsOffset..],
            1 when (overload & 1) != 0 => _message.Slice(FileOffset, FileSize),
            2 when (overload & 2) != 0 => _message.Slice(ServerNameOffset, ServerNameSize),
            _ => default,
        };
    }

    private static int OverloadOf(ReadOnlySpan<byte> rest)
    {
        while (TryNext(ref rest, out byte kind, out ReadOnlySpan<byte> value))
        {
            if (kind == OptionOverload && value.Length == 1)
            {
                return value[0];
            }
        }

        return 0;
    }

    private static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out byte kind, out ReadOnlySpan<byte> value)
    {
        rest = rest.TrimStart(OptionPad);
        kind = 0;
        value = default;
        if (rest.Length < 2 || rest[0] == OptionEnd || rest.Length < 2 + rest[1])
        {
            return false;
        }

        kind = rest[0];
        value = rest.Slice(2, rest[1]);
        rest = rest[(2 + value.Length)..];
        return true;
    }
}
