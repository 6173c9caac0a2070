namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>
/// Finds the blocks of <see cref="ConsoleBlockWriter"/> in a serial console's log, as machines, clouds and service
/// processors keep it.
/// </summary>
/// <remarks>
/// What stands around the records does not matter: times, names of hosts and services, colours, CR LF, JSON. Lines may be
/// missing, repeated, or broken by others. Nothing that a log says is believed without a limit.
/// </remarks>
public sealed class ConsoleBlockReader
{
    private const int BufferBytes = 64 << 10;

    // What is kept of a line that is longer than the buffer: a record that lies across its end is seen whole.
    private const int Overlap = 4 * ConsoleBlockFormat.RecordCharacters;

    private readonly ConsoleBlockLimits _limits;
    private readonly List<ConsoleBlockParts> _blocks = [];
    private int _records;
    private bool _isCutShort;

    private ConsoleBlockReader(ConsoleBlockLimits limits) => _limits = limits;

    /// <summary>Reads a log to its end.</summary>
    /// <param name="log">The log.</param>
    /// <param name="limits">What is believed of it; null for the usual.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ConsoleBlockLog Read(Stream log, ConsoleBlockLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        return new ConsoleBlockReader(limits ?? ConsoleBlockLimits.Default).ReadAll(log);
    }

    /// <summary>Whether a line has a block's record, or the beginning of one: nothing for people to read.</summary>
    public static bool IsRecord(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Contains(ConsoleBlockFormat.Start, StringComparison.Ordinal);
    }

    private ConsoleBlockLog ReadAll(Stream log)
    {
        var finder = new ConsoleRecordFinder(_limits, Take);
        byte[] buffer = new byte[BufferBytes];
        byte[] line = new byte[BufferBytes];
        int length = 0;
        for (int read; (read = log.Read(buffer)) > 0;)
        {
            ReadOnlySpan<byte> text = buffer.AsSpan(0, read);
            while (!text.IsEmpty)
            {
                int end = text.IndexOf((byte)'\n');
                int taken = Math.Min(end < 0 ? text.Length : end, line.Length - length);
                text[..taken].CopyTo(line.AsSpan(length));
                length += taken;
                text = text[taken..];
                if (length == line.Length)
                {
                    byte[] tail = line[^Overlap..];
                    finder.Take(line);
                    tail.CopyTo(line.AsSpan());
                    length = tail.Length;
                }
                else if (!text.IsEmpty)
                {
                    finder.Take(line.AsSpan(0, length));
                    length = 0;
                    text = text[1..];
                }
            }
        }

        finder.Take(line.AsSpan(0, length));
        finder.Finish();
        return Build(finder.Damaged);
    }

    private ConsoleBlockLog Build(long damaged)
    {
        var blocks = new List<ConsoleBlock>(_blocks.Count);
        using var builder = new ConsoleBlockBuilder(_limits);
        foreach (ConsoleBlockParts parts in _blocks)
        {
            blocks.Add(builder.Build(parts));
        }

        return new ConsoleBlockLog(blocks, damaged, _isCutShort || builder.IsCutShort);
    }

    private void Take(ConsoleRecord record, long line)
    {
        ConsoleBlockParts? block = null;
        for (int i = _blocks.Count - 1; i >= 0 && block is null; i--)
        {
            block = _blocks[i].Number == record.Block ? _blocks[i] : null;
        }

        if (_records == _limits.MaxRecords || (block is null && _blocks.Count == _limits.MaxBlocks))
        {
            _isCutShort = true;
            return;
        }

        if (block is null)
        {
            block = new ConsoleBlockParts(record.Block, line);
            _blocks.Add(block);
        }

        _records += block.Keep(record, line) ? 1 : 0;
    }
}
