namespace Lifeboat.Drill;

/// <summary>Reads a guest's last console lines for what a person should do next.</summary>
internal static class FailureHint
{
    private static readonly (string Sign, string Hint)[] Signs =
    [
        ("System is deadlocked on memory", TooSmall),
        ("Out of memory", TooSmall),
        ("Initramfs unpacking failed: write error", TooSmall),
        ("Failed to allocate", TooSmall),
        ("VFS: Unable to mount root fs", TooSmall),
        ("not enough memory", TooSmall),
        ("SHA-256 mismatch", "Something wrote into the reserved memory after the capture kernel was loaded: a driver's "
            + "stray DMA or a wild pointer. Arm again; if it happens again, look for that driver"),
        ("crashkernel reservation failed", "The kernel could not reserve that much: give the guest more --memory, or ask for "
            + "a smaller --crashkernel"),
        ("No working init found", "The ramdisk has no program that this kernel can run: rebuild the static program"),
    ];

    private const string TooSmall =
        "The capture kernel ran out of memory: give it more with --crashkernel (on the real machine crashkernel=). "
        + "lifeboat drill --find-minimum finds the smallest that works";

    /// <summary>The hint for the first sign found; null when none is.</summary>
    public static string? Find(IEnumerable<string> console)
    {
        foreach (string line in console)
        {
            foreach ((string sign, string hint) in Signs)
            {
                if (line.Contains(sign, StringComparison.OrdinalIgnoreCase))
                {
                    return hint;
                }
            }
        }

        return null;
    }
}
