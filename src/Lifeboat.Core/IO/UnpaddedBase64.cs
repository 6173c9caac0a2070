namespace Lifeboat.Core.IO;

/// <summary>
/// Base64 without padding (RFC 4648), and only in the one way that an encoder writes it: the usual alphabet, or base64url's, which has
/// <c>-_</c> for <c>+/</c>.
/// </summary>
/// <remarks>The runtime's own brings code for every vector width into the static program, for texts of a line.</remarks>
public static class UnpaddedBase64
{
    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8;

    /// <summary>Characters for so many bytes.</summary>
    public static int EncodedLength(int bytes) => ((bytes * 8) + 5) / 6;

    /// <summary>Writes <paramref name="data"/> in ASCII; returns the characters written.</summary>
    /// <exception cref="IndexOutOfRangeException">The target has less than <see cref="EncodedLength"/>.</exception>
    public static int Encode(ReadOnlySpan<byte> data, Span<byte> target, bool isUrl = false)
    {
        int bits = 0, held = 0, length = 0;
        foreach (byte value in data)
        {
            bits = ((bits << 8) | value) & 0xffff;
            for (held += 8; held >= 6; held -= 6)
            {
                target[length++] = Character((bits >> (held - 6)) & 63, isUrl);
            }
        }

        if (held > 0)
        {
            target[length++] = Character((bits << (6 - held)) & 63, isUrl);
        }

        return length;
    }

    /// <summary>Reads <paramref name="text"/>; the bytes written, or -1 when it is not as it must be or does not fit.</summary>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> target, bool isUrl = false)
    {
        int bits = 0, held = 0, length = 0;
        foreach (byte character in text)
        {
            int value = ValueOf(character, isUrl);
            if (value < 0)
            {
                return -1;
            }

            bits = ((bits << 6) | value) & 0xffff;
            held += 6;
            if (held >= 8)
            {
                held -= 8;
                if (length == target.Length)
                {
                    return -1;
                }

                target[length++] = (byte)(bits >> held);
            }
        }

        // Six bits left over are a character too many; others must be zero, or two texts would mean the same.
        return held == 6 || (bits & ((1 << held) - 1)) != 0 ? -1 : length;
    }

    /// <summary>What a character stands for; -1 for one that is none of the alphabet.</summary>
    public static int ValueOf(byte character, bool isUrl = false) => (char)character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '-' when isUrl => 62,
        '_' when isUrl => 63,
        '+' when !isUrl => 62,
        '/' when !isUrl => 63,
        _ => -1,
    };

    private static byte Character(int value, bool isUrl) => value switch
    {
        62 => isUrl ? (byte)'-' : (byte)'+',
        63 => isUrl ? (byte)'_' : (byte)'/',
        _ => Alphabet[value],
    };
}
