using System.Globalization;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Inspect.Commands.Tasks;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Kernel.Waiting;

namespace Lifeboat.Inspect.Commands.Waiting;

/// <summary><c>waitq</c>: who waits in a queue, and which tasks are blocked.</summary>
internal sealed class WaitqCommand : InspectCommand
{
    private static readonly string[] Kinds = ["", "mutex", "rw_semaphore", "semaphore", "completion", "wait queue"];

    public override string Name => "waitq";

    public override string Summary => "tasks that wait in a queue; tasks that are blocked, since when and on what";

    public override string Usage =>
        """
        waitq ADDRESS | SYMBOL | EXPRESSION | TYPE.MEMBER ADDRESS
        waitq -b [SECONDS] | -t [PID | TASK | NAME]...

          ADDRESS, SYMBOL
                    a wait_queue_head_t
          EXPRESSION
                    such an object, a swait_queue_head or a completion: init_task.signal.wait_chldexit
          TYPE.MEMBER ADDRESS
                    the member of such a type in the object at the address: signal_struct.wait_chldexit
          -b        tasks that nothing but what they wait for can wake (UN), those first that have waited longest
          SECONDS   only those that have waited at least so long
          -t        what these tasks wait for, in whatever state; without any, the task chosen with set

        SECONDS is the time since the task last had a CPU. WAITS IN is the function that waits; ON and ADDRESS are the lock
        or queue that its stack leads to, HOLDER is who has the lock.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments switch
        {
            ["-b"] => [Blocked(session, TimeSpan.Zero)],
            ["-b", var word] => [Blocked(
                session,
                uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds) ? TimeSpan.FromSeconds(seconds)
                    : throw new CommandException($"-b takes seconds, not {word}"))],
            ["-t", ..] => [Waits(session, arguments)],
            [['-', ..] option, ..] => throw new CommandWords("waitq", arguments).Unknown(option),
            [var place] => [Waiters(session.Kernel, QueueAt(session.Kernel, place))],
            [var member, var place] => [Waiters(session.Kernel, QueueIn(session.Kernel, member, place))],
            _ => throw new CommandWords("waitq", arguments).Wrong("a queue, -b or -t"),
        };
    }

    private static KernelObject QueueAt(CrashedKernel kernel, string place)
    {
        if (Places.IsExpression(place) && ExpressionParser.Evaluate(kernel, place).Object is { } found
            && ToQueue(found) is { } queue)
        {
            return queue;
        }

        return kernel.Types.TryFind("struct wait_queue_head", out KernelType? type) ? kernel.Object(type, Places.Parse(kernel, place))
            : throw new CommandException("the kernel has no struct wait_queue_head");
    }

    private static KernelObject QueueIn(CrashedKernel kernel, string path, string place)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == path.Length - 1 || !kernel.Types.TryFind(path[..dot], out KernelType? type)
            || !kernel.Object(type, Places.Parse(kernel, place)).TryGet(path[(dot + 1)..], out KernelObject? member))
        {
            throw new CommandException($"the kernel has no {path}: whatis TYPE shows the members of a type");
        }

        return ToQueue(member) ?? throw new CommandException($"{member.Type.Name} is no queue of waiters");
    }

    private static KernelObject? ToQueue(KernelObject found) => found.Type.IsPointer ? found.Type.Target is { IsStructure: true } ? ToQueue(found.Target) : null
        : WaitQueue.IsQueue(found.Type) ? found
        : found.TryGet("wait", out KernelObject? inner) && WaitQueue.IsQueue(inner.Type) ? inner : null;

    private static Table Waiters(CrashedKernel kernel, KernelObject queue)
    {
        var table = new Table(
            "waiters",
            new Column("ENTRY", "entry", ColumnKind.Hex),
            new Column("PID", "pid", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("ST", "state", ColumnKind.Text),
            new Column("FUNCTION", "function", ColumnKind.Text),
            new Column("COMM", "name", ColumnKind.Text))
        { Title = queue.ToString() };
        KernelWalk<Waiter> waiters = kernel.WaitQueueOf(queue).Waiters;
        foreach (Waiter waiter in waiters)
        {
            table.Add(
                Cell.Address(waiter.Object.Address),
                waiter.Task is { } task ? Cell.Number(task.Pid) : Cell.Empty,
                waiter.Task is null ? Cell.Empty : Cell.Address(waiter.Task.Address),
                waiter.Task is null ? Cell.Empty : Cell.Text(PsCommand.StateOf(waiter.Task.State)),
                Cell.Text(waiter.Function is { } function ? Places.NameOf(kernel, function) ?? function.ToString() : ""),
                waiter.Task is null ? Cell.Empty : Cell.Text(waiter.Task.Name));
        }

        WalkNotes.Add(table, "waiters", waiters);
        return table;
    }

    private static Table Blocked(InspectSession session, TimeSpan least)
    {
        Table table = WaitTable();
        KernelWalk<KernelTask> tasks = session.Kernel.Tasks;
        var found = new List<KernelTask>();
        var times = new List<TimeSpan>();
        foreach (KernelTask task in tasks)
        {
            if (task.State == TaskState.Uninterruptible && (task.NotRunFor ?? TimeSpan.MaxValue) is var time && time >= least)
            {
                found.Add(task);
                times.Add(time);
            }
        }

        // The longest first. Each time is read once: reading it asks every CPU's clock.
        TimeSpan[] keys = [.. times];
        KernelTask[] sorted = [.. found];
        Array.Sort(keys, sorted);
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            Add(table, sorted[i]);
        }

        WalkNotes.Add(table, "tasks", tasks);
        return table;
    }

    private static Table Waits(InspectSession session, IReadOnlyList<string> arguments)
    {
        Table table = WaitTable();
        var words = new List<string>();
        for (int i = 1; i < arguments.Count; i++)
        {
            words.Add(arguments[i]);
        }

        foreach (KernelTask task in new TaskChoice(words).FindIn(session, table))
        {
            Add(table, task);
        }

        return table;
    }

    private static Table WaitTable() => new(
        "waits",
        new Column("PID", "pid", ColumnKind.Number),
        new Column("TASK", "task", ColumnKind.Hex),
        new Column("ST", "state", ColumnKind.Text),
        new Column("SECONDS", "seconds", ColumnKind.Text),
        new Column("COMM", "name", ColumnKind.Text),
        new Column("WAITS IN", "function", ColumnKind.Text),
        new Column("ON", "on", ColumnKind.Text),
        new Column("ADDRESS", "address", ColumnKind.Hex),
        new Column("HOLDER", "holder", ColumnKind.Text));

    private static void Add(Table table, KernelTask task)
    {
        TaskWait? wait = task.Wait;
        table.Add(
            Cell.Number(task.Pid),
            Cell.Address(task.Address),
            Cell.Text(PsCommand.StateOf(task.State)),
            Cell.Text(task.NotRunFor is { } time ? Durations.Seconds(time) : null),
            Cell.Text(task.Name),
            Cell.Text(wait?.Function ?? ""),
            Cell.Text(wait is null ? "" : Kinds[(int)wait.Kind]),
            wait?.Address is { } address ? Cell.Address(address) : Cell.Empty,
            Cell.Text(wait?.Holder?.ToString() ?? ""));
    }
}
