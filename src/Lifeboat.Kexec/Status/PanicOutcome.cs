namespace Lifeboat.Kexec.Status;

/// <summary>What becomes of the machine at one kind of trouble.</summary>
public enum PanicOutcome
{
    /// <summary>The capture kernel is started.</summary>
    Captured,

    /// <summary>The log tells, and the machine goes on.</summary>
    GoesOn,

    /// <summary>Nothing looks for it, so nothing tells.</summary>
    Unnoticed,

    /// <summary>The machine stands still until someone resets it, and nothing is saved.</summary>
    Hangs,

    /// <summary>The machine restarts, and nothing is saved.</summary>
    RestartsWithoutDump,

    /// <summary>The settings that decide could not be read.</summary>
    Unknown,
}
