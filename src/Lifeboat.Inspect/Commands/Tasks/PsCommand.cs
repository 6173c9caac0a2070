using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
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
        ps [-k | -u] [-S] [PID | TASK | NAME]...

          -k      kernel threads only
          -u      tasks of processes only
          -S      how many tasks there are in each state
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
        CrashedKernel kernel = session.Kernel;
        var request = Request.Parse(arguments);
        KernelWalk<KernelTask> tasks = kernel.Tasks;
        Table table = request.Counts ? Count(tasks, request) : List(tasks, request);
        WalkNotes.Add(table, "tasks", tasks);
        return [table];
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

    private static Table List(KernelWalk<KernelTask> tasks, Request request)
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

    private static Table Count(KernelWalk<KernelTask> tasks, Request request)
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

    private sealed record Request(bool KernelThreads, bool Processes, bool Counts, TaskChoice Chosen)
    {
        internal static Request Parse(IReadOnlyList<string> arguments)
        {
            (bool kernel, bool user, bool counts) = (false, false, false);
            var names = new List<string>();
            foreach (string argument in arguments)
            {
                switch (argument)
                {
                    case "-k":
                        kernel = true;
                        break;
                    case "-u":
                        user = true;
                        break;
                    case "-S":
                        counts = true;
                        break;
                    case ['-', ..]:
                        throw new CommandException($"ps has no option {argument}: help ps says which it has");
                    default:
                        names.Add(argument);
                        break;
                }
            }

            return new Request(kernel, user, counts, new TaskChoice(names));
        }

        internal bool Wants(KernelTask task) =>
            (!KernelThreads || task.IsKernelThread == true)
            && (!Processes || task.IsKernelThread == false)
            && (Chosen.IsEmpty || Chosen.Has(task));
    }
}
