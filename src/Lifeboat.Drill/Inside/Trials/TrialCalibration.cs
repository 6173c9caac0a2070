using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Drill.Inside.Trials;

/// <summary>
/// Asks the kernel the two things that its version does not tell, as stable releases changed them: how it takes its
/// control pages. Trials then hold everything to that answer.
/// </summary>
internal static class TrialCalibration
{
    private const ulong Page = Pfn.PageSize;
    private const ulong MaxLeft = 12;
    private const ulong MaxBelow = 4;

    /// <summary>The environment with each settled that has one answer which agrees with the kernel on all questions.</summary>
    internal static KexecEnvironment Settle(
        KexecEnvironment environment, TrialMemory memory, Func<KexecTrial, Errno> call)
    {
        if (environment.Reservation is not { IsEmpty: false } reservation)
        {
            return environment;
        }

        var left = new List<KexecEnvironment>();
        foreach (bool separate in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (bool whole in (ReadOnlySpan<bool>)[false, true])
            {
                left.Add(environment with { SeparateTopTable = separate, MapsWholeGigabytes = whole });
            }
        }

        for (ulong below = 0; below < MaxBelow; below++)
        {
            for (ulong above = 0; above < MaxLeft; above++)
            {
                KexecTrial question = Question(reservation, below * Page, above * Page);
                Errno answer = call(question);
                left.RemoveAll(way => KexecRules.Predict(question.ToCall(memory), way) != answer);
            }
        }

        if (left.Count == 0)
        {
            return environment;
        }

        return environment with
        {
            SeparateTopTable = left.TrueForAll(way => way.SeparateTopTable == left[0].SeparateTopTable)
                ? left[0].SeparateTopTable
                : null,
            MapsWholeGigabytes = left.TrueForAll(way => way.MapsWholeGigabytes == left[0].MapsWholeGigabytes)
                ? left[0].MapsWholeGigabytes
                : null,
        };
    }

    /// <summary>One segment over all of the reservation but its ends; what it holds cannot be read, so nothing is copied.</summary>
    private static KexecTrial Question(PhysicalRange reservation, ulong below, ulong above)
    {
        var question = new KexecTrial { Entry = reservation.Start.Value, Flags = 1 };
        question.Segments.Add(new TrialSegment
        {
            BufferSize = 1,
            Memory = reservation.Start.Value + below,
            MemorySize = reservation.Length.Value - below - above,
        });
        return question;
    }
}
