using System.Text;
using Lifeboat.Core.Memory;

namespace Lifeboat.Drill;

/// <summary>The smallest reservation that captures, and the drills that showed it.</summary>
/// <param name="Smallest">The smallest that passed; null when even the largest tried failed.</param>
/// <param name="Trials">The drills, in the order they were run.</param>
public sealed record MinimumReservation(ByteCount? Smallest, IReadOnlyList<ReservationTrial> Trials)
{
    /// <summary>The result for a person: the answer, then each trial.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(Smallest is { } smallest
            ? $"The smallest reservation that captures is crashkernel={smallest.MiBRoundedUp}M"
            : "None of the reservations tried captures");
        foreach (ReservationTrial trial in Trials.OrderByDescending(trial => trial.Size))
        {
            string outcome = trial.Failure is { } failure
                ? $"failed before: {failure.Stage.Describe()}"
                : $"captured, {trial.Available} left at the tightest";
            text.AppendLine($"  {trial.Size.MiBRoundedUp,4}M  {outcome}");
        }

        return text.ToString().TrimEnd();
    }
}
