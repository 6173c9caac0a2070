namespace Lifeboat.Drill;

/// <summary>Something that a drill breaks on purpose, to show that the failure is told and survived.</summary>
public enum DrillFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The target disk is full: the log must survive, the dump cannot.</summary>
    DiskFull,

    /// <summary>The capture ramdisk lacks the module of the target's filesystem.</summary>
    MissingModule,

    /// <summary>A byte of a loaded segment changes before the panic: purgatory must refuse.</summary>
    CorruptSegment,

    /// <summary>The capture kernel spins at its first instruction and never comes up.</summary>
    StuckCapture,
}
