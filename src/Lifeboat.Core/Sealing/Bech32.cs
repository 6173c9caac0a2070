using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>Bech32 (BIP 173) of keys of 32 bytes: a prefix, the digit 1, 52 characters of data, six of checksum.</summary>
internal static class Bech32
{
    /// <summary>Bytes of a key.</summary>
    internal const int DataSize = 32;

    private const int DataCharacters = ((DataSize * 8) + 4) / 5;
    private const int ChecksumCharacters = 6;
    private const int MaxPrefix = 32;

    private static ReadOnlySpan<byte> Alphabet => "qpzry9x8gf2tvdw0s3jn54khce6mua7l"u8;

    /// <summary>Characters of a key with a prefix of this length.</summary>
    internal static int Length(int prefix) => prefix + 1 + DataCharacters + ChecksumCharacters;

    /// <summary>Writes a key; its characters are in capitals where the prefix is.</summary>
    internal static void Encode(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> data, Span<byte> text)
    {
        Span<byte> values = stackalloc byte[DataCharacters + ChecksumCharacters];
        int bits = 0, held = 0, length = 0;
        foreach (byte value in data)
        {
            bits = ((bits << 8) | value) & 0xfff;
            for (held += 8; held >= 5; held -= 5)
            {
                values[length++] = (byte)((bits >> (held - 5)) & 31);
            }
        }

        values[length] = (byte)((bits << (5 - held)) & 31);
        values[DataCharacters..].Clear();
        uint checksum = Checksum(prefix, values) ^ 1;
        for (int i = 0; i < ChecksumCharacters; i++)
        {
            values[DataCharacters + i] = (byte)((checksum >> (5 * (ChecksumCharacters - 1 - i))) & 31);
        }

        prefix.CopyTo(text);
        text[prefix.Length] = (byte)'1';
        bool capitals = IsCapital(prefix[0]);
        for (int i = 0; i < values.Length; i++)
        {
            byte character = Alphabet[values[i]];
            text[prefix.Length + 1 + i] = capitals && character >= (byte)'a' ? (byte)(character - 0x20) : character;
        }

        Sodium.Clear(values);
    }

    /// <summary>Reads a key that has the prefix; null, or what is wrong with it, which tells nothing of a secret.</summary>
    internal static string? Decode(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text, Span<byte> data)
    {
        if (text.Length != Length(prefix.Length))
        {
            return $"{text.Length} characters; {Length(prefix.Length)} belong there";
        }

        Span<byte> values = stackalloc byte[DataCharacters + ChecksumCharacters];
        try
        {
            bool capitals = IsCapital(prefix[0]);
            ReadOnlySpan<byte> characters = text[(prefix.Length + 1)..];
            for (int i = 0; i < values.Length; i++)
            {
                byte character = characters[i];
                int value = character >= (byte)'a' == capitals && character > (byte)'9'
                    ? -1
                    : Alphabet.IndexOf((byte)(IsCapital(character) ? character + 0x20 : character));
                if (value < 0)
                {
                    return $"a character that cannot be there, at position {prefix.Length + 2 + i}";
                }

                values[i] = (byte)value;
            }

            return Checksum(prefix, values) == 1 && TryPack(values[..DataCharacters], data)
                ? null
                : "a checksum that does not fit: a character is wrong, or two have changed places";
        }
        finally
        {
            Sodium.Clear(values);
        }
    }

    private static bool TryPack(ReadOnlySpan<byte> values, Span<byte> data)
    {
        int bits = 0, held = 0, length = 0;
        foreach (byte value in values)
        {
            bits = ((bits << 5) | value) & 0xfff;
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                data[length++] = (byte)(bits >> held);
            }
        }

        return (bits & ((1 << held) - 1)) == 0;
    }

    private static bool IsCapital(byte character) => character is >= (byte)'A' and <= (byte)'Z';

    // Over the prefix in small letters, whichever it has.
    private static uint Checksum(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> values)
    {
        Span<byte> small = stackalloc byte[MaxPrefix];
        for (int i = 0; i < prefix.Length; i++)
        {
            small[i] = (byte)(IsCapital(prefix[i]) ? prefix[i] + 0x20 : prefix[i]);
        }

        uint sum = 1;
        for (int i = 0; i < prefix.Length; i++)
        {
            sum = Step(sum, small[i] >> 5);
        }

        sum = Step(sum, 0);
        for (int i = 0; i < prefix.Length; i++)
        {
            sum = Step(sum, small[i] & 31);
        }

        foreach (byte value in values)
        {
            sum = Step(sum, value);
        }

        return sum;
    }

    private static uint Step(uint sum, int value)
    {
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        uint top = sum >> 25;
        sum = ((sum & 0x1ffffff) << 5) ^ (uint)value;
        for (int i = 0; i < generator.Length; i++)
        {
            sum ^= ((top >> i) & 1) == 0 ? 0 : generator[i];
        }

        return sum;
    }
}
