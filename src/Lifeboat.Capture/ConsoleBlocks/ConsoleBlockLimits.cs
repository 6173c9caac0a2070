namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>What is believed of a console's log, whoever wrote it.</summary>
public sealed class ConsoleBlockLimits
{
    /// <summary>The limits when none are given.</summary>
    public static ConsoleBlockLimits Default { get; } = new();

    /// <summary>Blocks of one log; those that come later are left aside.</summary>
    public int MaxBlocks { get; init; } = 64;

    /// <summary>Lines of all blocks together; a block has 640.</summary>
    public int MaxRecords { get; init; } = 1 << 16;

    /// <summary>Bytes of all files together once they are unpacked.</summary>
    public long MaxUnpackedBytes { get; init; } = 64 << 20;

    /// <summary>Broken lines that are put together again; each costs up to a few thousand checksums.</summary>
    public int MaxRepairs { get; init; } = 1 << 13;
}
