namespace Lifeboat.Drill.Inside;

/// <summary>What a guest is booted for.</summary>
public enum GuestMode
{
    /// <summary>To crash and be captured.</summary>
    Drill,

    /// <summary>To see whether guests boot at all with some accelerator: says so and powers off.</summary>
    Probe,

    /// <summary>To run commands of the program on a live machine, for tests: their output goes to the console.</summary>
    Commands,

    /// <summary>To crash at once when it is armed, for tests of what the capture does: no target is mounted, nothing is recorded.</summary>
    Crash,
}
