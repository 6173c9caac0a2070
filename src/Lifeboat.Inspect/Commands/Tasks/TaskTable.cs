using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary>Tables whose rows are tasks by number, name and place.</summary>
internal static class TaskTable
{
    /// <summary>A row for each task.</summary>
    internal static Table Create(string name, string title = "") => new(name, Columns) { Title = title };

    /// <summary>A line for each fact of one task.</summary>
    internal static Table CreateRecord(string name) => new(name, Columns) { IsRecord = true };

    /// <summary>Adds a task, its name moved to the right as deep as it stands below others.</summary>
    internal static void Add(Table table, KernelTask task, int depth = 0) => table.Add(
        Cell.Number(task.Pid),
        Cell.Address(task.Address),
        Cell.Number(task.Cpu),
        Cell.Text(PsCommand.StateOf(task.State)),
        Cell.Text(task.Name is { } name ? new string(' ', depth * 2) + name : null));

    /// <summary>What stands above a table of one task.</summary>
    internal static string TitleOf(KernelTask task) => $"PID {task.Pid}  {task.Name}  task {task.Address}";

    private static Column[] Columns =>
    [
        new("PID", "pid", ColumnKind.Number),
        new("TASK", "task", ColumnKind.Hex),
        new("CPU", "cpu", ColumnKind.Number),
        new("ST", "state", ColumnKind.Text),
        new("COMM", "name", ColumnKind.Text),
    ];
}
