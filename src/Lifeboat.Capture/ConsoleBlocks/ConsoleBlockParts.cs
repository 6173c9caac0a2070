namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>The records of one block, as far as they were found.</summary>
internal sealed class ConsoleBlockParts(uint number, long firstLine)
{
    private readonly List<ConsoleChunkParts?> _chunks = [];

    internal uint Number => number;

    internal long FirstLine { get; } = firstLine;

    internal long LastLine { get; private set; } = firstLine;

    /// <summary>How many records there are.</summary>
    internal int Records { get; private set; }

    /// <summary>The chunks by number; null where nothing of one was found.</summary>
    internal IReadOnlyList<ConsoleChunkParts?> Chunks => _chunks;

    /// <summary>Keeps a record; false when it is there already.</summary>
    internal bool Keep(in ConsoleRecord record, long line)
    {
        LastLine = line;
        while (_chunks.Count <= record.Chunk)
        {
            _chunks.Add(null);
        }

        ConsoleChunkParts chunk = _chunks[record.Chunk] ??= new ConsoleChunkParts(record.Count);
        if (!chunk.Keep(record))
        {
            return false;
        }

        Records++;
        return true;
    }
}
