namespace Lifeboat.Drill;

/// <summary>
/// The stages of a drill, in order. The number is the exit code of a drill that failed in the stage; stable.
/// </summary>
public enum DrillStage
{
    /// <summary>What a drill needs on this machine: QEMU, tools, a target disk.</summary>
    Prepare = 10,

    /// <summary>A kernel to rehearse with was found and is one.</summary>
    Kernel = 11,

    /// <summary>The ramdisks of guest and capture kernel were built.</summary>
    Ramdisk = 12,

    /// <summary>The first kernel came up in the guest, with its target disk.</summary>
    Boot = 13,

    /// <summary>The capture kernel was loaded into the reservation.</summary>
    Arm = 14,

    /// <summary>Processes run and memory holds known bytes.</summary>
    Workload = 15,

    /// <summary>The first kernel panicked.</summary>
    Panic = 16,

    /// <summary>Purgatory found every segment whole and jumped.</summary>
    Purgatory = 17,

    /// <summary>The capture kernel came up to its init.</summary>
    CaptureUp = 18,

    /// <summary>The capture's modules are loaded.</summary>
    ModulesLoaded = 19,

    /// <summary>The target filesystem is mounted.</summary>
    TargetReady = 20,

    /// <summary>The crashed kernel's log is on stable storage.</summary>
    LogSaved = 21,

    /// <summary>The dump is on stable storage.</summary>
    DumpSaved = 22,

    /// <summary>The manifest is on stable storage, under the dump's final name.</summary>
    ManifestSaved = 23,

    /// <summary>The capture kernel ended with its final action.</summary>
    FinalAction = 24,

    /// <summary>The dump was taken out of the target disk.</summary>
    Extract = 25,

    /// <summary>The dump opens, and every page of it reads.</summary>
    Open = 26,

    /// <summary>The known bytes are where they should be, and nowhere else.</summary>
    Patterns = 27,

    /// <summary>The panic in the dump is the one that was caused.</summary>
    PanicMessage = 28,
}
