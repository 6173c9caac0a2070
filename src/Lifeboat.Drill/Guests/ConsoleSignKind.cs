namespace Lifeboat.Drill.Guests;

/// <summary>What kind of thing a line of the guest's console says about the drill.</summary>
internal enum ConsoleSignKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>That something still goes on.</summary>
    Alive,

    /// <summary>That a stage was reached.</summary>
    Reached,

    /// <summary>That a stage failed, and the drill with it.</summary>
    Failed,

    /// <summary>That the first kernel waits for a line before it crashes.</summary>
    Waiting,

    /// <summary>That the capture failed in part; it goes on to its end.</summary>
    CaptureFailed,

    /// <summary>That the capture kernel takes its final action.</summary>
    Ending,
}
