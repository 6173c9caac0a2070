using Lifeboat.Core.Memory;
using Lifeboat.Drill;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Output;

/// <summary>Remembers how drills went, for status and crashkernel.</summary>
internal static class DrillMemory
{
    /// <summary>Remembers a drill, unless something was broken in it on purpose or no guest came up.</summary>
    public static void Remember(DrillReport report, Terminal terminal)
    {
        if (report.Options.Fault != DrillFault.None || report.Find(DrillStage.Boot) is null)
        {
            return;
        }

        DrillMilestone? last = report.Milestones.Count == 0 ? null : report.Milestones[^1];
        Save(
            new LastDrill
            {
                Time = TimeProvider.System.GetUtcNow(),
                KernelRelease = report.KernelRelease ?? "",
                Passed = report.Passed,
                ReservationBytes = report.Options.CrashKernel.Value,
                RamdiskBytes = report.CaptureRamdiskSize == ByteCount.Zero ? null : report.CaptureRamdiskSize.Value,
                Seconds = last?.At.TotalSeconds ?? 0,
            },
            terminal);
    }

    /// <summary>Searches for the smallest reservation and remembers it.</summary>
    public static MinimumReservation Search(
        DrillOptions options, IProgress<DrillEvent> progress, Terminal terminal, CancellationToken cancellation) =>
        Search(options, progress, terminal, cancellation, out _);

    /// <summary>The same; tells what was remembered.</summary>
    public static MinimumReservation Search(
        DrillOptions options, IProgress<DrillEvent> progress, Terminal terminal, CancellationToken cancellation, out LastDrill drill)
    {
        long start = TimeProvider.System.GetTimestamp();
        MinimumReservation minimum = MinimumSearch.Run(options, TimeProvider.System, progress, cancellation);
        ReservationTrial? trial = minimum.Trials.Count == 0 ? null : minimum.Trials[0];
        drill = new LastDrill
        {
            Time = TimeProvider.System.GetUtcNow(),
            KernelRelease = trial?.KernelRelease ?? "",
            Passed = minimum.Smallest is not null,
            ReservationBytes = options.CrashKernel.Value,
            MinimumBytes = minimum.Smallest?.Value,
            RamdiskBytes = trial?.RamdiskSize.Value,
            Seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds,
        };
        Save(drill, terminal);
        return minimum;
    }

    // What a search has found stays known when a drill of the same kernel follows it.
    private static void Save(LastDrill drill, Terminal terminal)
    {
        if (drill.KernelRelease.Length == 0)
        {
            return;
        }

        try
        {
            (drill.MinimumBytes is null && drill.Passed && LastDrill.Load() is { MinimumBytes: not null } before
                && before.KernelRelease == drill.KernelRelease
                ? drill with { MinimumBytes = before.MinimumBytes }
                : drill).Save();
        }
        catch (UnauthorizedAccessException)
        {
            // A drill needs no root, and is remembered only where root has run it.
        }
        catch (IOException exception)
        {
            terminal.Note($"the drill cannot be remembered: {exception.Message}");
        }
    }
}
