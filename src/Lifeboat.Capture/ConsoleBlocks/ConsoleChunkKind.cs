namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>What a chunk of a console block is.</summary>
internal enum ConsoleChunkKind : byte
{
    /// <summary>Fields of the block: host, kernel, times. The first chunk.</summary>
    Header = 1,

    /// <summary>Fields of a file: its name, its size, what of it follows.</summary>
    File = 2,

    /// <summary>A piece of a file.</summary>
    Piece = 3,

    /// <summary>Fields that end the block: what was left out. The last chunk.</summary>
    End = 4,
}
