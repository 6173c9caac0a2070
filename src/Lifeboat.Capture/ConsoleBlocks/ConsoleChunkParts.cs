namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>The records of one chunk, as far as they were found.</summary>
internal sealed class ConsoleChunkParts(int count)
{
    private readonly byte[]?[] _parts = new byte[count + 1][];

    /// <summary>How many records it has, the parity left aside.</summary>
    internal int Count => count;

    /// <summary>Keeps a record; false when it is there already.</summary>
    internal bool Keep(in ConsoleRecord record)
    {
        if (record.Count != count || _parts[record.Line] is not null)
        {
            return false;
        }

        _parts[record.Line] = record.Data;
        return true;
    }

    /// <summary>The records that are missing, from 1; the parity is none of them.</summary>
    internal List<int> Missing()
    {
        var missing = new List<int>();
        for (int line = 0; line < count; line++)
        {
            if (_parts[line] is null)
            {
                missing.Add(line + 1);
            }
        }

        return missing;
    }

    /// <summary>The chunk's bytes, one missing record worked out of the others; null when more are missing.</summary>
    internal byte[]? Join()
    {
        byte[] chunk = new byte[count * ConsoleBlockFormat.DataBytes];
        int lost = -1;
        for (int line = 0; line < count; line++)
        {
            if (_parts[line] is { } part)
            {
                part.CopyTo(chunk.AsSpan(line * ConsoleBlockFormat.DataBytes));
            }
            else if (lost >= 0 || _parts[count] is null)
            {
                return null;
            }
            else
            {
                lost = line;
            }
        }

        if (lost >= 0)
        {
            Span<byte> target = chunk.AsSpan(lost * ConsoleBlockFormat.DataBytes, ConsoleBlockFormat.DataBytes);
            for (int line = 0; line <= count; line++)
            {
                for (int i = 0; line != lost && i < target.Length; i++)
                {
                    target[i] ^= _parts[line]![i];
                }
            }
        }

        return chunk;
    }
}
