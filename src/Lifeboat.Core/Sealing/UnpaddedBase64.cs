namespace Lifeboat.Core.Sealing;

/// <summary>Base64 as age has it (RFC 4648, 4): without padding, and only in the one way that an encoder writes it.</summary>
internal static class UnpaddedBase64
{
    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <summary>Characters for so many bytes.</summary>
    internal static int EncodedLength(int bytes) => ((bytes * 8) + 5) / 6;

    /// <summary>Writes <paramref name="data"/>; returns the characters written.</summary>
    internal static int Encode(ReadOnlySpan<byte> data, Span<byte> target)
    {
        int bits = 0, held = 0, length = 0;
        foreach (byte value in data)
        {
            bits = ((bits << 8) | value) & 0xffff;
            for (held += 8; held >= 6; held -= 6)
            {
                target[length++] = Alphabet[(bits >> (held - 6)) & 63];
            }
        }

        if (held > 0)
        {
            target[length++] = Alphabet[(bits << (6 - held)) & 63];
        }

        return length;
    }

    /// <summary>Reads <paramref name="text"/>; the bytes written, or -1 when it is not as it must be or does not fit.</summary>
    internal static int Decode(ReadOnlySpan<byte> text, Span<byte> target)
    {
        int bits = 0, held = 0, length = 0;
        foreach (byte character in text)
        {
            int value = Alphabet.IndexOf(character);
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
}
