using System.Text;
using Lifeboat.Core.Compression;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>Makes files out of the records of a block.</summary>
internal sealed class ConsoleBlockBuilder(ConsoleBlockLimits limits) : IDisposable
{
    private const int MaxMissingNamed = 16;

    private readonly ZstdDecompressor _decompressor = new();
    private long _unpacked;

    /// <summary>Whether more was to be unpacked than is believed.</summary>
    internal bool IsCutShort { get; private set; }

    internal ConsoleBlock Build(ConsoleBlockParts parts)
    {
        var files = new List<ConsoleFileParts>();
        var lost = new List<string>();
        ConsoleBlockHeader? header = null;
        string? end = null;
        int restored = 0;
        for (int i = 0; i < parts.Chunks.Count; i++)
        {
            int first = i;
            while (i + 1 < parts.Chunks.Count && parts.Chunks[i] is null && parts.Chunks[i + 1] is null)
            {
                i++;
            }

            if (i > first)
            {
                lost.Add($"parts {first} to {i}, all lines");
                continue;
            }

            byte[]? chunk = parts.Chunks[i]?.Join();
            if (chunk is null || !ConsoleChunk.TryParse(chunk, out ConsoleChunk description) || Unpack(chunk, description) is not { } content)
            {
                lost.Add(Describe(i, parts.Chunks[i], chunk is not null));
                continue;
            }

            restored += parts.Chunks[i]!.Missing().Count;
            switch (description.Kind)
            {
                case ConsoleChunkKind.Header:
                    header ??= ConsoleBlockHeader.Parse(Encoding.UTF8.GetString(content));
                    break;
                case ConsoleChunkKind.File:
                    FileOf(files, description.File).Describe(Encoding.UTF8.GetString(content));
                    break;
                case ConsoleChunkKind.Piece:
                    FileOf(files, description.File).Add(description.Offset, content);
                    break;
                default:
                    end ??= Encoding.UTF8.GetString(content);
                    break;
            }
        }

        if (header is null)
        {
            lost.Add("what the block says of host, kernel and times");
        }

        if (end is null)
        {
            lost.Add("the end of the block: it was cut off, or never finished");
        }

        var built = new List<ConsoleBlockFile>(files.Count);
        for (int i = 0; i < files.Count; i++)
        {
            for (int other = 0; other < i; other++)
            {
                files[i].Avoid(built[other].Name);
            }

            built.Add(files[i].Build(lost));
        }

        return new ConsoleBlock
        {
            Name = ConsoleBlockFormat.NameOf(parts.Number),
            Header = header ?? new ConsoleBlockHeader(),
            Files = built,
            LeftOut = end is null ? [] : ConsoleFields.Values(end, "leftout"),
            Lost = lost,
            FirstLine = parts.FirstLine,
            LastLine = parts.LastLine,
            LinesFound = parts.Records,
            LinesRestored = restored,
        };
    }

    public void Dispose() => _decompressor.Dispose();

    private static ConsoleFileParts FileOf(List<ConsoleFileParts> files, int number)
    {
        foreach (ConsoleFileParts file in files)
        {
            if (file.Number == number)
            {
                return file;
            }
        }

        var made = new ConsoleFileParts(number);
        files.Add(made);
        return made;
    }

    private static string Describe(int chunk, ConsoleChunkParts? parts, bool isJoined)
    {
        if (parts is null)
        {
            return $"part {chunk}, all lines";
        }

        List<int> missing = parts.Missing();
        if (isJoined || missing.Count == 0)
        {
            return $"part {chunk}: it cannot be unpacked";
        }

        string more = missing.Count > MaxMissingNamed ? " ..." : "";
        missing.RemoveRange(Math.Min(missing.Count, MaxMissingNamed), Math.Max(0, missing.Count - MaxMissingNamed));
        return $"part {chunk}, of its {parts.Count} lines: {string.Join(' ', missing)}{more}";
    }

    private byte[]? Unpack(byte[] chunk, in ConsoleChunk description)
    {
        if (_unpacked + description.RawLength > limits.MaxUnpackedBytes)
        {
            IsCutShort = true;
            return null;
        }

        _unpacked += description.RawLength;
        byte[] content = new byte[description.RawLength];
        ReadOnlySpan<byte> packed = chunk.AsSpan(ConsoleChunk.Size, description.PackedLength);
        return _decompressor.Decompress(packed, content) == content.Length ? content : null;
    }
}
