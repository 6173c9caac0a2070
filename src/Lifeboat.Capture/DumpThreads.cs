namespace Lifeboat.Capture;

/// <summary>How many threads of a dump the memory is enough for. A capture kernel that runs out of it panics; nothing asks first.</summary>
internal static class DumpThreads
{
    // Its blocks, its stack, what the codec needs and what malloc adds, for each thread but the first.
    private const long Each = 3 << 20;

    // For the first thread, the target's cache of what is not written yet, and the kernel itself.
    private const long Rest = 12 << 20;

    /// <summary>As many of the wanted ones as fit, at least one.</summary>
    /// <param name="wanted">What the settings say.</param>
    /// <param name="available">The bytes that are available; null when unknown.</param>
    internal static int Affordable(int wanted, long? available) =>
        available is { } bytes ? (int)Math.Clamp(1 + ((bytes - Rest) / Each), 1, wanted) : wanted;
}
