namespace Lifeboat.Capture;

/// <summary>The points that every capture passes, in this order, told on the console.</summary>
public enum CaptureMilestone
{
    /// <summary>Process 1 runs and has /proc, /sys and /dev.</summary>
    InitUp,

    /// <summary>The modules of the ramdisk are loaded.</summary>
    ModulesLoaded,

    /// <summary>A target can be saved to: its filesystem is mounted, its far side answers.</summary>
    TargetReady,

    /// <summary>The crashed kernel's log is on stable storage.</summary>
    LogDurable,

    /// <summary>The report is on stable storage.</summary>
    ReportDurable,

    /// <summary>The dump is on stable storage.</summary>
    DumpDurable,

    /// <summary>The manifest is on stable storage, and the folder has its name.</summary>
    ManifestDurable,

    /// <summary>Everything was saved.</summary>
    Done,

    /// <summary>Not everything was saved; the detail says why.</summary>
    Failed,

    /// <summary>The machine is ended now; the detail says how.</summary>
    FinalAction,
}
