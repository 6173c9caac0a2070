namespace Lifeboat.Drill.Inside.Trials;

/// <summary>A segment of a trial as the kernel is given it (struct kexec_segment): four numbers, whatever they say.</summary>
internal sealed class TrialSegment
{
    internal const int Size = 32;

    internal ulong Buffer { get; set; }

    internal ulong BufferSize { get; set; }

    internal ulong Memory { get; set; }

    internal ulong MemorySize { get; set; }

    /// <summary>The four numbers in the kernel's order.</summary>
    internal ulong[] Words => [Buffer, BufferSize, Memory, MemorySize];
}
