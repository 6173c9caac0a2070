namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>What of a file goes into a console block when there is no room for all of it.</summary>
public enum ConsoleBlockKeep
{
    /// <summary>All of it or nothing: a part of it is of no use.</summary>
    Whole,

    /// <summary>Its beginning.</summary>
    Head,

    /// <summary>Its end.</summary>
    Tail,
}
