namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>base64url (RFC 4648) of whole groups of three bytes, which need no padding.</summary>
/// <remarks>The runtime's own brings code for every vector width into the static program, for lines of 54 bytes.</remarks>
internal static class LineText
{
    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;

    /// <summary>Writes the text of <paramref name="bytes"/>, four characters for three bytes.</summary>
    internal static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        for (int from = 0, to = 0; from + 3 <= bytes.Length; from += 3, to += 4)
        {
            int group = (bytes[from] << 16) | (bytes[from + 1] << 8) | bytes[from + 2];
            for (int i = 0; i < 4; i++)
            {
                text[to + i] = (char)Alphabet[(group >> (18 - (6 * i))) & 63];
            }
        }
    }

    /// <summary>Reads it back; false when a character is none of the alphabet.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        for (int from = 0, to = 0; from + 4 <= text.Length; from += 4, to += 3)
        {
            int group = 0;
            for (int i = 0; i < 4; i++)
            {
                int value = ValueOf(text[from + i]);
                if (value < 0)
                {
                    return false;
                }

                group = (group << 6) | value;
            }

            bytes[to] = (byte)(group >> 16);
            bytes[to + 1] = (byte)((group >> 8) & 0xFF);
            bytes[to + 2] = (byte)(group & 0xFF);
        }

        return true;
    }

    /// <summary>What a character stands for; -1 for one that is none of the alphabet.</summary>
    internal static int ValueOf(byte character) => (char)character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '-' => 62,
        '_' => 63,
        _ => -1,
    };
}
