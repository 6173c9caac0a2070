using Lifeboat.Core.Memory;

namespace Lifeboat.Capture;

/// <summary>How much of what a dump could use the memory is enough for. A capture kernel that runs out of it panics; nothing asks first.</summary>
internal static class DumpMemory
{
    // Its blocks, its stack, what the codec needs and what malloc adds, for each thread but the first.
    private const long Each = 3 << 20;

    // For the first thread, the target's cache of what is not written yet, and the kernel itself.
    private const long Rest = 12 << 20;

    // Of what is left, one part in so many; more than the most makes no dump faster.
    private const long PartAhead = 4;
    private const long MostAhead = 64 << 20;

    /// <summary>As many of the wanted threads as fit, at least one.</summary>
    /// <param name="wanted">What the settings say.</param>
    /// <param name="available">The bytes that are available; null when unknown.</param>
    internal static int Threads(int wanted, long? available) =>
        available is { } bytes ? (int)Math.Clamp(1 + ((bytes - Rest) / Each), 1, wanted) : wanted;

    /// <summary>Pages that may be packed and wait for a target that takes a stream.</summary>
    /// <param name="threads">The threads that pack.</param>
    /// <param name="available">The bytes that are available; null when unknown.</param>
    internal static ByteCount Ahead(int threads, long? available) =>
        new((ulong)Math.Clamp(((available ?? 0) - Rest - (threads * Each)) / PartAhead, 0, MostAhead));
}
