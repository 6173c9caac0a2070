namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>A block that was found in a console's log.</summary>
public sealed class ConsoleBlock
{
    /// <summary>Its number, as the markers around it have it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about; all unknown when that part was lost.</summary>
    public required ConsoleBlockHeader Header { get; init; }

    /// <summary>Its files, in the order they were sent.</summary>
    public required IReadOnlyList<ConsoleBlockFile> Files { get; init; }

    /// <summary>What its writer had no room for, a line each.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>What was lost on the way, a line each; empty for a whole block.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>The line of the log where it was first seen, from 1.</summary>
    public long FirstLine { get; init; }

    /// <summary>The line of the log where it was last seen.</summary>
    public long LastLine { get; init; }

    /// <summary>Lines of it that were found, each once.</summary>
    public int LinesFound { get; init; }

    /// <summary>Lines that were missing, and worked out of the others.</summary>
    public int LinesRestored { get; init; }

    /// <summary>Whether something that was sent is missing.</summary>
    public bool IsDamaged => Lost.Count > 0;
}
