namespace Lifeboat.Drill.Inside;

/// <summary>The lines that the first kernel's init writes to the console, and the drill looks for.</summary>
internal static class GuestMilestones
{
    /// <summary>Stands before each of them.</summary>
    public const string Prefix = "lifeboat: guest: ";

    /// <summary>The init runs.</summary>
    public const string Up = "up";

    /// <summary>The capture kernel is loaded.</summary>
    public const string Armed = "armed";

    /// <summary>Processes run and memory is filled.</summary>
    public const string WorkloadReady = "workload ready";

    /// <summary>What the kernel says of itself is saved; how many files, follows.</summary>
    public const string TruthSaved = "truth saved:";

    /// <summary>Everything is ready; a line on the console lets the crash happen.</summary>
    public const string Waiting = "waiting for go";

    /// <summary>The crash comes next.</summary>
    public const string Panicking = "panicking";

    /// <summary>A command is run; its number, then its output follow.</summary>
    public const string Command = "command";

    /// <summary>It has ended; its number and exit code follow.</summary>
    public const string CommandEnded = "ended";

    /// <summary>Something went wrong; what, follows.</summary>
    public const string Failed = "failed: ";
}
