using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary>Tables of when tasks ran.</summary>
internal static class TaskTimeTables
{
    /// <summary>How long each lives, and its time on CPUs.</summary>
    internal static Table Times(KernelWalk<KernelTask> tasks, PsRequest request)
    {
        var table = new Table(
            "times",
            new Column("PID", "pid", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("RUN TIME", "age", ColumnKind.Text),
            new Column("START TIME", "start", ColumnKind.Text),
            new Column("UTIME", "user", ColumnKind.Text),
            new Column("STIME", "system", ColumnKind.Text),
            new Column("COMM", "name", ColumnKind.Text));
        foreach (KernelTask task in tasks)
        {
            if (request.Wants(task))
            {
                TaskTimes times = task.Times;
                table.Add(
                    Cell.Number(task.Pid),
                    Cell.Address(task.Address),
                    Text(times.Age),
                    Text(task.StartTime),
                    Text(times.User),
                    Text(times.System),
                    Cell.Text(task.Name));
            }
        }

        return table;
    }

    /// <summary>When each was last taken up by a CPU, or how long ago, the latest first; what is not known comes last.</summary>
    internal static Table LastRan(KernelWalk<KernelTask> tasks, PsRequest request)
    {
        bool isAge = request.View == 'm';
        var found = new List<LastRun>();
        foreach (KernelTask task in tasks)
        {
            if (request.Wants(task))
            {
                found.Add(new LastRun(task, task.Times.LastRan));
            }
        }

        found.Sort(static (one, other) => (other.At ?? TimeSpan.MinValue).CompareTo(one.At ?? TimeSpan.MinValue));
        var table = new Table(
            "lastRan",
            new Column(isAge ? "AGO" : "LAST RAN", isAge ? "ago" : "lastRan", ColumnKind.Text),
            new Column("ST", "state", ColumnKind.Text),
            new Column("PID", "pid", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("COMM", "name", ColumnKind.Text));
        foreach (LastRun run in found)
        {
            KernelTask task = run.Task;
            table.Add(
                Text(isAge ? task.Times.SinceLastRan : run.At),
                Cell.Text(PsCommand.StateOf(task.State)),
                Cell.Number(task.Pid),
                Cell.Address(task.Address),
                Cell.Number(task.Cpu),
                Cell.Text(task.Name));
        }

        return table;
    }

    // A clock may be behind another CPU's: a little less than nothing is nothing.
    private static Cell Text(TimeSpan? time) => Cell.Text(
        (time < TimeSpan.Zero ? TimeSpan.Zero : time)?.ToString(@"d\ hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture));

    private sealed record LastRun(KernelTask Task, TimeSpan? At);
}
