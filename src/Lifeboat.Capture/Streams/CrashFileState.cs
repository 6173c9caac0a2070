namespace Lifeboat.Capture.Streams;

/// <summary>What became of a file in a crash stream.</summary>
public enum CrashFileState
{
    /// <summary>It has not been read to its end.</summary>
    Open,

    /// <summary>All of it is there, with the SHA-256 that its end says.</summary>
    Whole,

    /// <summary>Whoever wrote it gave it up before its end.</summary>
    GivenUp,

    /// <summary>The stream ends, or becomes unreadable, within it.</summary>
    Cut,

    /// <summary>Its bytes are not those that were written.</summary>
    Damaged,
}
