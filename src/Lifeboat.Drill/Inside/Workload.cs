using System.Diagnostics;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>
/// The processes that make a dump worth reading: two blocked in each of six places, one that spins; on request one of each
/// other kind.
/// </summary>
internal static class Workload
{
    // open(2): O_CREAT | O_RDWR, and the mode rw-------.
    private const int OpenCreate = 0x42;
    private const uint OwnerOnly = 0x180;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts the workers and waits until each is blocked (or runs, for the one that spins).</summary>
    /// <param name="program">The program file; it runs as each worker.</param>
    /// <param name="time">Gives the deadline for workers to settle; one that has not is recorded as it is.</param>
    /// <param name="all">Whether to start the kinds, too, that only a comparison with /proc needs.</param>
    public static IReadOnlyList<GuestTask> Start(string program, TimeProvider time, bool all)
    {
        int descriptor = LibC.Open(WorkerProcess.LockFile, OpenCreate, OwnerOnly);
        _ = LibC.Flock(descriptor, LibC.LockExclusive);

        var pids = new List<int>();
        var kinds = new List<WorkerKind>();
        foreach (WorkerKind kind in Enum.GetValues<WorkerKind>())
        {
            if (kind > WorkerKind.Spin && !all)
            {
                break;
            }

            for (int copy = 0; copy < (kind < WorkerKind.Spin ? 2 : 1); copy++)
            {
                using Process worker = Process.Start(program, [WorkerProcess.Argument, kind.ToString()]);
                pids.Add(worker.Id);
                kinds.Add(kind);
            }
        }

        long start = time.GetTimestamp();
        var tasks = new List<GuestTask>();
        for (int index = 0; index < pids.Count; index++)
        {
            tasks.Add(Settle(kinds[index], pids[index], time, start));
        }

        return tasks;
    }

    private static GuestTask Settle(WorkerKind kind, int pid, TimeProvider time, long start)
    {
        while (true)
        {
            (string name, string state) = NameAndState(pid);
            bool settled = name == WorkerProcess.NameOf(kind) && state == StateOf(kind);
            if (settled || time.GetElapsedTime(start) > Patience)
            {
                return new GuestTask(pid, name, state);
            }

            Thread.Sleep(PollInterval);
        }
    }

    private static string StateOf(WorkerKind kind) => kind switch
    {
        WorkerKind.Spin => "R",
        WorkerKind.Vfork => "D",
        WorkerKind.Stopped => "T",
        _ => "S",
    };

    private static (string Name, string State) NameAndState(int pid)
    {
        // proc(5): "pid (comm) state ..."; comm may itself hold parentheses, so the last one counts.
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        int open = stat.IndexOf('(', StringComparison.Ordinal);
        int close = stat.LastIndexOf(')');
        return (stat[(open + 1)..close], stat.Substring(close + 2, 1));
    }
}
