namespace Lifeboat.Inspect;

/// <summary>A task in a report.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Command">Its name.</param>
/// <param name="State">The letter of what it did: <c>D</c> for one that is blocked.</param>
/// <param name="Seconds">How long it had not run; null when that is not known.</param>
/// <param name="Frames">The calls it was in, as <see cref="CpuStack.Frames"/>.</param>
/// <param name="End">Why the stack ends where it does, when that is not where it began; null otherwise.</param>
public sealed record ReportTask(long? Pid, string? Command, string? State, double? Seconds, IReadOnlyList<string> Frames, string? End)
{
    private const int FunctionsOfWay = 4;

    /// <summary>What it waits for: the innermost functions that are not of the scheduler, by their names.</summary>
    public string? WaitsIn
    {
        get
        {
            var names = new List<string>();
            foreach (string frame in Frames)
            {
                if (names.Count < FunctionsOfWay && CrashSignature.FunctionOf(frame) is { } name && !CrashPlaces.IsScheduler(name))
                {
                    names.Add(name);
                }
            }

            return names.Count == 0 ? null : string.Join(" < ", names);
        }
    }
}
