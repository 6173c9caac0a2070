using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary><c>runq</c>: what runs on each CPU, and what waits for it.</summary>
internal sealed class RunqCommand : InspectCommand
{
    private const int MostGroups = 32; // nested ones
    private const int MostQueued = 1 << 20; // damaged groups may share what they hold

    public override string Name => "runq";

    public override string Summary => "what runs on each CPU and what waits for it";

    public override string Usage =>
        """
        runq [-c CPU]

          -c CPU    only this CPU

        QUEUE is current for the task that has the CPU, and otherwise the class it waits in: dl (deadline), rt (real time,
        by priority), cfs (fair, by the order it will run in; groups one after the other).
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        CrashedKernel kernel = session.Kernel;
        IReadOnlyList<int> cpus = kernel.OnlineCpus;
        if (arguments is ["-c", { } text])
        {
            cpus = CommandWords.TryParseNumber(text, out ulong number) && kernel.PerCpuOffset((int)Math.Min(number, int.MaxValue)) is not null
                ? [(int)number] : throw new CommandException($"there is no CPU {text}");
        }
        else if (arguments is not [])
        {
            throw new CommandException("runq takes -c CPU or nothing");
        }

        var table = new Table(
            "queues",
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("RUNQUEUE", "runqueue", ColumnKind.Hex),
            new Column("QUEUE", "queue", ColumnKind.Text),
            new Column("PRIO", "priority", ColumnKind.Number),
            new Column("PID", "pid", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("COMM", "name", ColumnKind.Text));
        foreach (int cpu in cpus)
        {
            if (kernel.TryFindPerCpu("runqueues", cpu, out KernelObject? queue))
            {
                new CpuQueues(kernel, cpu, queue, table).Add();
            }
            else
            {
                table.Note($"the run queue of CPU {cpu} cannot be found");
            }
        }

        return [table];
    }

    private sealed class CpuQueues(CrashedKernel kernel, int cpu, KernelObject queue, Table table)
    {
        private const int MostPriorities = 100; // MAX_RT_PRIO

        private readonly KernelType _task = kernel.Type("struct task_struct");
        private int _queued;

        internal void Add()
        {
            if (queue["curr"] is { Pointer: not { Value: 0 } } current)
            {
                AddTask("current", current.Target);
            }

            AddDeadline();
            AddRealTime();
            AddFair(queue["cfs"], 0);
        }

        private void AddDeadline()
        {
            if (queue.TryGet("dl.root", out KernelObject? root))
            {
                KernelWalk<KernelObject> entities = kernel.Tree(root, "struct sched_dl_entity", "rb_node");
                foreach (KernelObject entity in entities)
                {
                    // From 6.8 on other classes have servers here, which are no tasks.
                    if (!entity.TryGet("dl_server", out KernelObject? server) || server.Unsigned is null or 0)
                    {
                        AddTask("dl", entity.ContainerOf(_task, "dl"));
                    }
                }

                Note("dl", entities);
            }
        }

        private void AddRealTime()
        {
            if (!queue.TryGet("rt.active.queue", out KernelObject? lists))
            {
                return;
            }

            for (int priority = 0; priority < Math.Min(lists.Type.ElementCount, MostPriorities); priority++)
            {
                KernelWalk<KernelObject> entities = kernel.List(lists[priority], "struct sched_rt_entity", "run_list");
                foreach (KernelObject entity in entities)
                {
                    if (entity.TryGet("my_q", out KernelObject? group) && group.Unsigned is not 0)
                    {
                        table.Note($"CPU {cpu}: the group of {entity} in the queue rt is not shown");
                        continue;
                    }

                    AddTask("rt", entity.ContainerOf(_task, "rt"));
                }

                // Of a queue that cannot be read, one line says enough.
                if (entities.End != WalkEnd.Complete)
                {
                    Note("rt", entities);
                    return;
                }
            }
        }

        private void AddFair(KernelObject fair, int depth)
        {
            if (depth == MostGroups)
            {
                table.Note($"CPU {cpu}: groups within the queue cfs lie deeper than any should");
                return;
            }

            KernelWalk<KernelObject> entities = kernel.Tree(fair["tasks_timeline"], "struct sched_entity", "run_node");
            foreach (KernelObject entity in entities)
            {
                if (++_queued > MostQueued)
                {
                    return;
                }

                if (entity.TryGet("my_q", out KernelObject? group) && group.Pointer is not { Value: 0 })
                {
                    AddFair(group.Target, depth + 1);
                }
                else
                {
                    AddTask("cfs", entity.ContainerOf(_task, "se"));
                }
            }

            Note("cfs", entities);
        }

        private void Note(string name, KernelWalk<KernelObject> entities) =>
            WalkNotes.Add(table, $"CPU {cpu}'s queue {name}", entities);

        private void AddTask(string name, KernelObject task) => table.Add(
            Cell.Number(cpu),
            Cell.Address(queue.Address),
            Cell.Text(name),
            Cell.Number(task["prio"].Signed),
            Cell.Number(task["pid"].Signed),
            task.Fault == MemoryFault.None ? Cell.Address(task.Address) : Cell.Address(null),
            Cell.Text(task["comm"].Text()));
    }
}
