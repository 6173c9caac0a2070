using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary><c>bt</c>: stacks of tasks.</summary>
internal sealed class BtCommand : InspectCommand
{
    public override string Name => "bt";

    public override string Summary => "kernel stacks of tasks";

    public override string Usage =>
        """
        bt [-a | -c CPU | -A | PID | TASK]...

          (none)     the task that crashed, or the one chosen with set
          -a         what ran on each CPU
          -c CPU     what ran on this one
          -A         every task
          PID, TASK  this task: by number, by the address of its task_struct in hex, or by name

        SP is where the frame begins. A frame that is a guess has a ? before it; [exception] marks the frame that an interrupt
        or exception broke into, and the lines below it are what was running then.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        if (kernel.NoStacks is { } reason)
        {
            throw new CommandException($"no stack can be unwound: {reason}");
        }

        return arguments switch
        {
            [] => OfOne(session),
            ["-a"] => OfCpus(kernel, wanted: null),
            ["-c", var number] => OfCpus(
                kernel,
                int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int cpu) ? cpu
                    : throw new CommandException($"-c takes the number of a CPU, not {number}")),
            ["-A"] => OfTasks(kernel, static _ => true),
            [['-', ..] option, ..] => throw new CommandException($"bt has no option {option}: help bt says which it has"),
            _ => OfTasks(kernel, new TaskChoice(arguments).Has),
        };
    }

    private static List<Table> OfOne(InspectSession session)
    {
        KernelTask task = session.Task ?? throw new CommandException("which task crashed is not known: bt -a shows what ran");
        return OrNone(task.Stack is { } stack ? [Show(task, stack)] : []);
    }

    private static List<Table> OfCpus(CrashedKernel kernel, int? wanted)
    {
        var tables = new List<Table>();
        foreach (KernelTask task in kernel.RunningTasks)
        {
            if (task.Stack is { } stack && (wanted is null || stack.Cpu == wanted))
            {
                tables.Add(Show(task, stack));
            }
        }

        // Where tasks cannot be told, the CPUs' registers still lead up their stacks.
        for (int cpu = 0; kernel.RunningTasks.Count == 0 && kernel.StackOfCpu(cpu) is { } stack; cpu++)
        {
            if (wanted is null || wanted == cpu)
            {
                tables.Add(Show($"CPU {cpu}", stack));
            }
        }

        return OrNone(tables);
    }

    private static List<Table> OfTasks(CrashedKernel kernel, Func<KernelTask, bool> wants)
    {
        var tables = new List<Table>();
        KernelWalk<KernelTask> tasks = kernel.Tasks;
        foreach (KernelTask task in tasks)
        {
            if (wants(task) && task.Stack is { } stack)
            {
                tables.Add(Show(task, stack));
            }
        }

        tables = OrNone(tables);
        WalkNotes.Add(tables[^1], "tasks", tasks);
        return tables;
    }

    private static List<Table> OrNone(List<Table> tables)
    {
        if (tables.Count == 0)
        {
            tables.Add(new Table("stack", Columns));
            tables[0].Note("no such task was found");
        }

        return tables;
    }

    private static Column[] Columns =>
    [
        new("#", "frame", ColumnKind.Number),
        new("SP", "sp", ColumnKind.Hex),
        new("IP", "ip", ColumnKind.Hex),
        new("AT", "at", ColumnKind.Text),
    ];

    private static Table Show(KernelTask task, TaskStack stack) => Show(
        string.Create(
            CultureInfo.InvariantCulture,
            $"PID {task.Pid}  {task.Name}  {PsCommand.StateOf(task.State)}  task {task.Address}{(stack.Cpu is { } cpu ? $"  on CPU {cpu}" : "")}"),
        stack);

    private static Table Show(string title, TaskStack stack)
    {
        var table = new Table("stack", Columns) { Title = title };
        long number = 0;
        foreach (NamedFrame frame in stack.Frames)
        {
            bool isInterrupted = frame.Frame.IsInterrupted && number > 0;
            table.Add(
                Cell.Number(number++),
                Cell.Address(frame.Frame.StackPointer),
                Cell.Address(frame.Frame.InstructionPointer),
                Cell.Text(isInterrupted ? $"{frame}  [exception]" : frame.ToString()));
        }

        if (!stack.End.IsWhole)
        {
            table.Note($"the stack ends: {stack.End.Text}");
        }

        return table;
    }
}
