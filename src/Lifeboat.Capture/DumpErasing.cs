using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Capture;

/// <summary>Finds what the settings keep out of the dump.</summary>
internal static class DumpErasing
{
    // The search's own, with what the dump needs after it: a capture kernel that runs out of memory panics, and then there is no dump.
    private const long MemoryNeeded = 24 << 20;

    /// <summary>What the dump's writer overwrites; null for nothing.</summary>
    internal static DumpEraser? Find(
        DumpSource source, CaptureRequest request, CaptureSteps steps, TimeProvider time, CaptureReporter reporter,
        MemoryWatch memory, List<string> notices, CancellationToken cancellationToken)
    {
        if (request.Erase.Count == 0)
        {
            return null;
        }

        memory.Sample();
        if (memory.Available < MemoryNeeded)
        {
            notices.Add($"nothing is erased in the dump: memory is short, {memory.Available} bytes are available and {MemoryNeeded} are needed");
            reporter.Note(notices[^1]);
            return null;
        }

        try
        {
            DumpEraser eraser = steps.FindErased(source, request.Erase, time, cancellationToken).ToEraser();

            // What the search has read is given back before the dump takes its buffers: in a small reservation there is not room for both.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            reporter.Note($"{eraser.Bytes.Value} bytes in {eraser.Ranges.Count} places are erased in the dump");
            return eraser;
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader, and that must not cost the dump.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            notices.Add($"nothing is erased in the dump: {CaptureRun.Words(error)}");
            return null;
        }
    }
}
