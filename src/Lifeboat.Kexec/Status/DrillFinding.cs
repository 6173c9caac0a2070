using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Status;

/// <summary>What the last drill says of this machine as it is now.</summary>
/// <param name="Text">In words: when, with which kernel, and whether the reservation is large enough.</param>
/// <param name="IsBad">Whether it speaks against a capture: this kernel's drill failed, or needed more than is reserved.</param>
public sealed record DrillFinding(string Text, bool IsBad)
{
    /// <summary>Holds the drill against the running kernel and its reservation.</summary>
    /// <param name="status">The machine.</param>
    /// <param name="now">The time, from which ages are counted; null leaves them out.</param>
    public static DrillFinding Of(KexecStatus status, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.LastDrill is not { } drill)
        {
            return new DrillFinding("never on this machine (lifeboat drill)", IsBad: false);
        }

        bool isThisKernel = drill.KernelRelease == status.Release;
        string when = $"{(drill.Passed ? "passed" : "failed")} on {drill.Time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
            + Age(now - drill.Time);
        string kernel = isThisKernel ? " with this kernel" : drill.KernelRelease.Length == 0 ? ""
            : $" with {drill.KernelRelease}, not with this kernel";
        (string size, bool isTooSmall) = drill.Passed ? OfSize(drill, status.ReservationSize) : ("", false);
        return new DrillFinding($"{when}{kernel}{size}", isThisKernel && (!drill.Passed || isTooSmall));
    }

    private static string Age(TimeSpan? age) => age?.TotalDays switch
    {
        null or < 0 or > 100_000 => "",
        < 1 => ", today",
        < 2 => ", 1 day ago",
        { } days => string.Create(CultureInfo.InvariantCulture, $", {(int)days} days ago"),
    };

    private static (string Text, bool IsTooSmall) OfSize(LastDrill drill, ByteCount? reserved)
    {
        var rehearsed = new ByteCount(drill.ReservationBytes);
        if (drill.MinimumBytes is { } least)
        {
            var minimum = new ByteCount(least);
            return reserved is { } size && size < minimum
                ? ($": it took {minimum}, and {size} are reserved", true)
                : ($": {minimum} are enough", false);
        }

        return reserved is { } here && here < rehearsed
            ? ($": with {rehearsed}, and only {here} are reserved (lifeboat drill --find-minimum)", false)
            : ($": {rehearsed} were enough", false);
    }
}
