namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>What a console's log has of blocks.</summary>
/// <param name="blocks">The blocks, in the order they were first seen.</param>
/// <param name="damagedLines">Lines that begin as a block's and cannot be read.</param>
/// <param name="isCutShort">Whether a limit was reached, and what came after it was left aside.</param>
public sealed class ConsoleBlockLog(IReadOnlyList<ConsoleBlock> blocks, long damagedLines, bool isCutShort)
{
    /// <summary>The blocks, in the order they were first seen.</summary>
    public IReadOnlyList<ConsoleBlock> Blocks { get; } = blocks;

    /// <summary>Lines that begin as a block's and cannot be read: cut off, changed, or mixed with others.</summary>
    public long DamagedLines { get; } = damagedLines;

    /// <summary>Whether a limit of <see cref="ConsoleBlockLimits"/> was reached, and what came after it was left aside.</summary>
    public bool IsCutShort { get; } = isCutShort;
}
