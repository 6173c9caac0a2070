using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary><c>ps</c>: the tasks.</summary>
internal sealed class PsCommand : InspectCommand
{
    public override string Name => "ps";

    public override string Summary => "tasks: state, CPU, memory, name";

    public override string Usage =>
        """
        ps [-k | -u] [-G] [-A] [-S | -t | -m | -l | -p | -c | -g] [PID | TASK | NAME]...

          -k      kernel threads only
          -u      tasks of processes only
          -G      first threads of processes only
          -A      only what ran on a CPU
          -S      how many tasks there are in each state
          -t      how long ago each was started, when, and its time on CPUs in its program and in the kernel
          -l      when each was last taken up by a CPU, since boot, the latest first
          -m      how long ago that was
          -p      the parents of each, the oldest first
          -c      the children of each
          -g      the threads of each process
          PID, TASK, NAME
                  only these: by number, by the address of the task_struct in hex, or by name

        ST is RU running, IN waiting for anything, UN waiting and not to be woken, ST stopped, TR stopped by a debugger,
        ZO gone but not asked for, DE gone, PA parked, ID a kernel thread with nothing to do. > marks what ran on a CPU.
        VSZ and RSS are in KiB.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        var request = PsRequest.Parse(arguments);
        KernelWalk<KernelTask> tasks = session.Kernel.Tasks;
        List<Table> tables = request.View switch
        {
            'S' => [Count(tasks, request)],
            't' => [TaskTimeTables.Times(tasks, request)],
            'l' or 'm' => [TaskTimeTables.LastRan(tasks, request)],
            'p' or 'c' or 'g' => TaskFamilyTables.Create(tasks, request),
            _ => [List(tasks, request)],
        };
        WalkNotes.Add(tables[^1], "tasks", tasks);
        return tables;
    }

    /// <summary>The two letters that crash has for a state.</summary>
    internal static string StateOf(TaskState? state) => state switch
    {
        TaskState.Running => "RU",
        TaskState.Sleeping => "IN",
        TaskState.Uninterruptible => "UN",
        TaskState.Stopped => "ST",
        TaskState.Traced => "TR",
        TaskState.Zombie => "ZO",
        TaskState.Dead => "DE",
        TaskState.Parked => "PA",
        TaskState.Idle => "ID",
        _ => Cell.Missing,
    };

    private static Table List(KernelWalk<KernelTask> tasks, PsRequest request)
    {
        var table = new Table(
            "tasks",
            new Column("", "onCpu", ColumnKind.Mark),
            new Column("PID", "pid", ColumnKind.Number),
            new Column("PPID", "ppid", ColumnKind.Number),
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("ST", "state", ColumnKind.Text),
            new Column("VSZ", "vszBytes", ColumnKind.KibiBytes),
            new Column("RSS", "rssBytes", ColumnKind.KibiBytes),
            new Column("COMM", "name", ColumnKind.Text));
        foreach (KernelTask task in tasks)
        {
            if (!request.Wants(task))
            {
                continue;
            }

            bool hasMemory = task.UserMemory is not null;
            string? name = task.Name;
            table.Add(
                Cell.Mark(task.IsOnCpu),
                Cell.Number(task.Pid),
                Cell.Number(task.ParentId),
                Cell.Number(task.Cpu),
                Cell.Address(task.Address),
                Cell.Text(StateOf(task.State)),
                Cell.Size(hasMemory ? ToBytes(task.VirtualPages) : ByteCount.Zero),
                Cell.Size(hasMemory ? ToBytes(task.ResidentPages) : ByteCount.Zero),
                Cell.Text(task.IsKernelThread == true && name is not null ? $"[{name}]" : name));
        }

        return table;
    }

    private static Table Count(KernelWalk<KernelTask> tasks, PsRequest request)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (KernelTask task in tasks)
        {
            if (request.Wants(task))
            {
                string state = StateOf(task.State);
                counts[state] = counts.GetValueOrDefault(state) + 1;
            }
        }

        var table = new Table(
            "states", new Column("ST", "state", ColumnKind.Text), new Column("TASKS", "tasks", ColumnKind.Number));
        foreach (KeyValuePair<string, long> count in counts)
        {
            table.Add(Cell.Text(count.Key), Cell.Number(count.Value));
        }

        return table;
    }

    private static ByteCount? ToBytes(long? pages) =>
        pages is >= 0 ? new ByteCount((ulong)pages << Pfn.PageShift) : null;
}
