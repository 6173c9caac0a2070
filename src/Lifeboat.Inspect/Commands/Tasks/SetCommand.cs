using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary><c>set</c>: chooses the task that commands mean when none is named.</summary>
internal sealed class SetCommand : InspectCommand
{
    public override string Name => "set";

    public override string Summary => "choose the task that commands look at, or show it";

    public override string Usage =>
        """
        set [PID | TASK | NAME | -c CPU | -p]

          (none)     show which task is chosen
          PID, TASK, NAME
                     this task: by number, by the address of its task_struct in hex, or by name, the first of it
          -c CPU     what ran on this CPU
          -p         the task that crashed, as at the start

        The choice stands for the commands behind it in a shell, a foreach or -c "set 1; bt; task".
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        Table table = TaskTable.CreateRecord("task");
        switch (arguments)
        {
            case []:
                break;
            case ["-p"]:
                session.Task = null;
                break;
            case ["-c", var number]:
                session.Task = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int cpu)
                    && session.Kernel.RunningTaskOf(cpu) is { } running ? running : throw new CommandException($"there is no CPU {number}");
                break;
            case [not ['-', ..]]:
                List<KernelTask> found = new TaskChoice(arguments).FindIn(session, table);
                session.Task = found.Count > 0 ? found[0] : throw new CommandException($"there is no task {arguments[0]}: ps lists them");
                break;
            default:
                throw new CommandException("set takes a task, -c CPU, -p, or nothing: help set says more");
        }

        TaskTable.Add(table, session.Task ?? throw new CommandException("which task crashed is not known: set PID chooses one"));
        return [table];
    }
}
