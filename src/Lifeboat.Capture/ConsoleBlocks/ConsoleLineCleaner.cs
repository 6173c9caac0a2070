namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>Takes out of a console's line what is there for a terminal.</summary>
internal static class ConsoleLineCleaner
{
    private const byte Escape = 0x1B;
    private const byte Bell = 0x07;

    /// <summary>Removes escape sequences and control characters in place; gives what is left.</summary>
    internal static Span<byte> Clean(Span<byte> line)
    {
        int to = 0;
        for (int from = 0; from < line.Length; from++)
        {
            byte octet = line[from];
            if (octet == Escape)
            {
                from = EndOfSequence(line, from);
            }
            else if (octet is >= 0x20 and not 0x7F)
            {
                line[to++] = octet;
            }
        }

        return line[..to].TrimEnd((byte)' ');
    }

    // The last byte of the sequence that begins there. One that does not end is taken for its first two bytes, so that a
    // lone escape does not eat what follows it.
    private static int EndOfSequence(ReadOnlySpan<byte> line, int start)
    {
        if (start + 1 >= line.Length)
        {
            return start;
        }

        bool isCommand = line[start + 1] == (byte)'[';
        bool isText = line[start + 1] == (byte)']';
        for (int i = start + 2; (isCommand || isText) && i < line.Length; i++)
        {
            if (isCommand ? line[i] is >= 0x40 and <= 0x7E : line[i] == Bell)
            {
                return i;
            }

            // Parameters are digits and signs below '@'; text of a terminal's title is printable.
            if (line[i] < 0x20)
            {
                break;
            }
        }

        return start + 1;
    }
}
