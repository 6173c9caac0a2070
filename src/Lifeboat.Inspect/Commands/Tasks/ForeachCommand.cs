using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary><c>foreach</c>: a command for each of several tasks.</summary>
internal sealed class ForeachCommand : InspectCommand
{
    // Those that look at the session's task when none is named.
    private static readonly string[] OfTasks = ["bt", "files", "net", "task", "vm", "vtop"];

    public override string Name => "foreach";

    public override string Summary => "a command for each of several tasks";

    public override string Usage =>
        """
        foreach [SELECTOR]... COMMAND [ARGUMENT]...

          COMMAND    one that looks at a task: bt, files, net, task, vm, vtop, with its options
          SELECTOR   kernel or user threads; gleader, first threads of processes; active, what ran on CPUs; states: RU IN UN ST
                     TR ZO DE PA ID; tasks by number, by the address of the task_struct in hex, or by name (\NAME for one that
                     is called as a selector or command is)

        Several states, or several tasks, mean any of them; selectors of different kinds must all fit. Without any: every task.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        int at = 0;
        while (at < arguments.Count && Array.IndexOf(OfTasks, arguments[at]) < 0)
        {
            at++;
        }

        if (at == arguments.Count || !InspectCommands.TryFind(arguments[at], out InspectCommand? command))
        {
            throw new CommandException("foreach wants a command that looks at a task: foreach UN bt");
        }

        var selection = new TaskSelection([.. arguments.Take(at)]);
        string[] rest = [.. arguments.Skip(at + 1)];
        var tables = new List<Table>();
        KernelTask? before = session.Chosen;
        KernelWalk<KernelTask> tasks = session.Kernel.Tasks;
        try
        {
            foreach (KernelTask task in tasks)
            {
                if (selection.Has(task))
                {
                    session.Task = task;
                    AddTables(tables, task, command.Run(session, rest));
                }
            }
        }
        finally
        {
            session.Task = before;
        }

        if (tables.Count == 0)
        {
            tables.Add(TaskTable.Create("tasks"));
            tables[0].Note("no such task was found");
        }

        WalkNotes.Add(tables[^1], "tasks", tasks);
        return tables;
    }

    private static void AddTables(List<Table> tables, KernelTask task, IReadOnlyList<Table> found)
    {
        if (found.Count > 0 && found[0].Title.Length == 0)
        {
            Table head = TaskTable.Create("task");
            TaskTable.Add(head, task);
            tables.Add(head);
        }

        tables.AddRange(found);
    }
}
