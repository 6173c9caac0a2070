using System.Globalization;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>The sizes and words of a console block; docs/formats.md has the format.</summary>
/// <remarks>
/// <code>
/// -----BEGIN LIFEBOAT CRASH BLOCK 5e0c91aa-----        for people; a reader does not need it
/// LB~XgyRqgAAAAE...                                    a record a line: "LB~" and 72 characters of base64url
/// ...
/// -----END LIFEBOAT CRASH BLOCK 5e0c91aa-----
/// </code>
/// Every record says where it belongs and has a checksum, so lines may be lost, repeated, or mixed with others.
/// </remarks>
internal static class ConsoleBlockFormat
{
    /// <summary>What every record begins with.</summary>
    internal const string Start = "LB~";

    /// <summary>Bytes of one record.</summary>
    internal const int RecordBytes = 54;

    /// <summary>Characters of one record's base64url, always all of them.</summary>
    internal const int RecordCharacters = 72;

    /// <summary>Bytes of a chunk that one record carries.</summary>
    internal const int DataBytes = 42;

    /// <summary>The most records of one chunk, the one with the parity left aside.</summary>
    internal const int MaxRecordsOfChunk = 255;

    /// <summary>Bytes of a file that one chunk holds.</summary>
    internal const int PieceBytes = 8 << 10;

    /// <summary>Chunks of one block; a whole budget of the smallest ones is less.</summary>
    internal const int MaxChunks = 1024;

    /// <summary>Characters of a line on a serial console, its line end with it.</summary>
    internal const int LineCharacters = 3 + RecordCharacters + 2;

    /// <summary>zstd's level: a few KiB are packed, and the line is what is slow.</summary>
    internal const int ZstdLevel = 19;

    /// <summary>The line before a block.</summary>
    internal static string BeginMarker(uint block) => Marker("BEGIN", block);

    /// <summary>The line after it.</summary>
    internal static string EndMarker(uint block) => Marker("END", block);

    /// <summary>A block's number as people see it.</summary>
    internal static string NameOf(uint block) => block.ToString("x8", CultureInfo.InvariantCulture);

    private static string Marker(string word, uint block) => $"-----{word} LIFEBOAT CRASH BLOCK {NameOf(block)}-----";
}
