using Lifeboat.Core.Compression;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>
/// Writes files as an armoured block of short lines to a console whose log somebody keeps; <see cref="ConsoleBlockReader"/>
/// turns it back.
/// </summary>
/// <remarks>
/// Files go out as they are added, the most important first: whatever ends the machine in between, what was written stands.
/// The block keeps to a budget of characters, as a serial line of 115,200 baud carries 11 KB a second and a cloud keeps as
/// little as the last 64 KiB of it.
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class ConsoleBlockWriter : IDisposable
{
    /// <summary>Characters of a block, line ends included, when nothing else is asked for: four seconds at 115,200 baud.</summary>
    public const int DefaultBudget = 48 << 10;

    // The last chunk, its parity, and both markers.
    private const int LinesKeptAside = 16;

    // The list of what was left out must fit the lines that are kept for it.
    private const int MaxEndBytes = 400;
    private const int MaxFiles = 32;

    private readonly Action<string> _writeLine;
    private readonly ZstdCompressor _compressor = new(ConsoleBlockFormat.ZstdLevel);
    private readonly byte[] _packed = new byte[ZstdCompressor.MaxCompressedLength(ConsoleBlockFormat.PieceBytes)];
    private readonly ConsoleFields _end = new();
    private readonly uint _block;
    private int _linesLeft;
    private int _chunks;
    private int _files;

    /// <summary>Begins a block.</summary>
    /// <param name="writeLine">Takes the lines, at most 76 characters each, without line ends.</param>
    /// <param name="header">What it is about.</param>
    /// <param name="seed">Anything that differs from one capture to the next: together with the header it makes the block's number.</param>
    /// <param name="budget">The most characters that are written, line ends of two characters included.</param>
    public ConsoleBlockWriter(Action<string> writeLine, ConsoleBlockHeader header, long seed, int budget = DefaultBudget)
    {
        ArgumentNullException.ThrowIfNull(header);
        _writeLine = writeLine;
        _linesLeft = (budget / ConsoleBlockFormat.LineCharacters) - LinesKeptAside;
        byte[] fields = header.ToBytes();
        _block = Crc32.Compute(fields) ^ unchecked((uint)(seed ^ (seed >> 32)));
        _writeLine(ConsoleBlockFormat.BeginMarker(_block));
        Write(Pack(ConsoleChunkKind.Header, 0, fields));
    }

    /// <summary>Adds a file; what there is no room for is left out, and the block's end says so.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="keep">What of it goes when it does not fit.</param>
    /// <param name="share">The share of what is left of the budget that it may take, up to 1.</param>
    /// <returns>How many of its bytes were written.</returns>
    public int Add(string name, ReadOnlySpan<byte> content, ConsoleBlockKeep keep, double share = 1)
    {
        // The largest that the fields of a file can get, packed or not.
        const int FileLines = 8;
        int room = (int)(_linesLeft * share) - FileLines;
        var pieces = new List<byte[]>();
        int start = keep == ConsoleBlockKeep.Tail ? content.Length : 0;
        int end = start;
        while (_files < MaxFiles && (keep == ConsoleBlockKeep.Tail ? start > 0 : end < content.Length))
        {
            int length = Math.Min(ConsoleBlockFormat.PieceBytes, keep == ConsoleBlockKeep.Tail ? start : content.Length - end);
            int at = keep == ConsoleBlockKeep.Tail ? start - length : end;
            byte[] piece = Pack(ConsoleChunkKind.Piece, at, content.Slice(at, length));
            if (LinesOf(piece) > room)
            {
                break;
            }

            room -= LinesOf(piece);
            pieces.Add(piece);
            (start, end) = (Math.Min(start, at), Math.Max(end, at + length));
        }

        int taken = end - start;
        if (taken < content.Length)
        {
            bool nothing = keep == ConsoleBlockKeep.Whole || taken == 0;
            _end.Add("leftout", $"{name}: {(nothing ? content.Length : content.Length - taken)} of {content.Length} bytes");
            if (nothing)
            {
                return 0;
            }
        }

        Write(Pack(ConsoleChunkKind.File, 0, new ConsoleFields()
            .Add("name", name)
            .Add("bytes", content.Length)
            .Add("from", start)
            .Add("to", end)
            .Add("sha256", Convert.ToHexStringLower(Sha256.HashData(content[start..end])))
            .ToBytes()));
        if (keep == ConsoleBlockKeep.Tail)
        {
            pieces.Reverse();
        }

        foreach (byte[] piece in pieces)
        {
            Write(piece);
        }

        _files++;
        return taken;
    }

    /// <summary>Ends the block.</summary>
    public void Finish()
    {
        byte[] fields = _end.ToBytes();
        Write(Pack(ConsoleChunkKind.End, 0, fields.AsSpan(0, Math.Min(fields.Length, MaxEndBytes))));
        _writeLine(ConsoleBlockFormat.EndMarker(_block));
    }

    /// <inheritdoc/>
    public void Dispose() => _compressor.Dispose();

    private static int RecordsOf(byte[] chunk) =>
        (chunk.Length + ConsoleBlockFormat.DataBytes - 1) / ConsoleBlockFormat.DataBytes;

    private static int LinesOf(byte[] chunk) => RecordsOf(chunk) + 1;

    private byte[] Pack(ConsoleChunkKind kind, int offset, ReadOnlySpan<byte> content)
    {
        int packed = _compressor.Compress(content, _packed);
        byte[] chunk = new byte[ConsoleChunk.Size + packed];
        new ConsoleChunk(kind, (byte)_files, offset, content.Length, packed).WriteTo(chunk);
        _packed.AsSpan(0, packed).CopyTo(chunk.AsSpan(ConsoleChunk.Size));
        return chunk;
    }

    private void Write(byte[] chunk)
    {
        int count = RecordsOf(chunk);
        byte[] parity = new byte[ConsoleBlockFormat.DataBytes];
        for (int line = 0; line < count; line++)
        {
            byte[] data = new byte[ConsoleBlockFormat.DataBytes];
            int at = line * ConsoleBlockFormat.DataBytes;
            chunk.AsSpan(at, Math.Min(data.Length, chunk.Length - at)).CopyTo(data);
            for (int i = 0; i < data.Length; i++)
            {
                parity[i] ^= data[i];
            }

            _writeLine(new ConsoleRecord(_block, _chunks, line, count, data).ToLine());
        }

        _writeLine(new ConsoleRecord(_block, _chunks, count, count, parity).ToLine());
        _chunks++;
        _linesLeft -= count + 1;
    }
}
