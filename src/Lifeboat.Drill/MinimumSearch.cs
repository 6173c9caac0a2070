using Lifeboat.Core.Memory;

namespace Lifeboat.Drill;

/// <summary>Finds the smallest reservation that captures by halving: a reservation that works, works when larger.</summary>
public static class MinimumSearch
{
    private static readonly ByteCount Step = ByteCount.FromMiB(8);

    /// <summary>Runs drills from half of the reservation asked for, up and down, to a step of 8 MiB.</summary>
    /// <param name="options">The drill; its reservation, rounded up to the step, is the largest tried.</param>
    /// <param name="time">Measures the drills.</param>
    /// <param name="progress">Told how each drill goes.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static MinimumReservation Run(
        DrillOptions options, TimeProvider time, IProgress<DrillEvent> progress, CancellationToken cancellation)
    {
        return Run(options.CrashKernel, size =>
        {
            progress.Report(new DrillEvent(TimeSpan.Zero, null, $"trying crashkernel={size.MiBRoundedUp}M"));
            return DrillRunner.Run(options with { CrashKernel = size }, time, progress, cancellation);
        });
    }

    /// <summary>The search itself, whatever a drill is.</summary>
    /// <param name="largest">The largest to try, rounded up to the step.</param>
    /// <param name="drill">Tries a reservation.</param>
    internal static MinimumReservation Run(ByteCount largest, Func<ByteCount, DrillReport> drill)
    {
        var trials = new List<ReservationTrial>();
        ulong failing = 0;
        ulong passing = largest.AlignUp(Step).Value / Step.Value;
        if (!Captures(passing))
        {
            return new MinimumReservation(null, trials);
        }

        while (passing - failing > 1)
        {
            ulong middle = (passing + failing) / 2;
            if (Captures(middle))
            {
                passing = middle;
            }
            else
            {
                failing = middle;
            }
        }

        return new MinimumReservation(new ByteCount(passing * Step.Value), trials);

        bool Captures(ulong steps)
        {
            var size = new ByteCount(steps * Step.Value);
            DrillReport report = drill(size);
            trials.Add(new ReservationTrial(size, report.CaptureAvailable, report.Failure)
            {
                KernelRelease = report.KernelRelease,
                RamdiskSize = report.CaptureRamdiskSize,
            });
            return report.Passed;
        }
    }
}
