using System.Globalization;

namespace Lifeboat.TestSupport;

/// <summary>A task as its own kernel told it, out of /proc/PID/task/TID/status and stack.</summary>
/// <param name="Pid">The thread's number.</param>
/// <param name="ProcessId">The number of its process.</param>
/// <param name="ParentId">The number of the process that started its process.</param>
/// <param name="Name">Its name; of a worker of the kernel with what it works at, of other kernel threads in full.</param>
/// <param name="State">The letter of its state.</param>
/// <param name="ResidentKiB">VmRSS; null for a kernel thread.</param>
/// <param name="CountedKiB">The same, counted in its page tables (smaps_rollup); null where the kernel did not count.</param>
/// <param name="Switches">How often it gave up its CPU or lost it: a task that has run since has more.</param>
/// <param name="Stack">Its calls, the innermost first: <c>kjournald2+0x265/0x280 [jbd2]</c>.</param>
internal sealed record TruthTask(
    int Pid,
    int ProcessId,
    int ParentId,
    string Name,
    char State,
    long? ResidentKiB,
    long? CountedKiB,
    long Switches,
    IReadOnlyList<string> Stack)
{
    private const string FramePrefix = "[<0>] ";

    /// <summary>The task; null for one that ended while it was read.</summary>
    internal static TruthTask? Read(TruthFiles files, int process, int thread)
    {
        IReadOnlyDictionary<string, string> status = files.Fields($"{process}/task/{thread}/status");
        if (status.Count == 0)
        {
            return null;
        }

        return new TruthTask(
            thread,
            (int)Number(status["Tgid"]),
            (int)Number(status["PPid"]),
            status["Name"],
            status["State"][0],
            status.TryGetValue("VmRSS", out string? resident) ? Number(resident) : null,
            files.Fields($"{process}/smaps_rollup").TryGetValue("Rss", out string? counted) ? Number(counted) : null,
            Number(status["voluntary_ctxt_switches"]) + Number(status["nonvoluntary_ctxt_switches"]),
            [.. files.Lines($"{process}/task/{thread}/stack").Select(line => line[FramePrefix.Length..])]);
    }

    private static long Number(string text) => long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
}
