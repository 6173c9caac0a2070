using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary>A table for each task of those that belong to it: its parents, its children, its threads.</summary>
internal static class TaskFamilyTables
{
    private const int MostParents = 256;

    internal static List<Table> Create(KernelWalk<KernelTask> tasks, PsRequest request)
    {
        var tables = new List<Table>();
        foreach (KernelTask task in tasks)
        {
            // The threads of a process are shown once.
            if (request.Wants(task) && (request.View != 'g' || !request.Chosen.IsEmpty || task.Family.IsLeader != false))
            {
                tables.Add(request.View switch
                {
                    'p' => Parents(task),
                    'c' => Walk("children", task, task.Family.Children),
                    _ => Walk("threads", task, task.Family.Threads),
                });
            }
        }

        if (tables.Count == 0)
        {
            tables.Add(TaskTable.Create("tasks"));
            tables[0].Note("no such task was found");
        }

        return tables;
    }

    private static Table Parents(KernelTask task)
    {
        var line = new List<KernelTask> { task };
        while (line.Count <= MostParents && line[^1].Family.Parent is { } parent)
        {
            line.Add(parent);
        }

        Table table = TaskTable.Create("parents", TaskTable.TitleOf(task));
        for (int i = line.Count - 1; i >= 0; i--)
        {
            TaskTable.Add(table, line[i], line.Count - 1 - i);
        }

        if (line.Count > MostParents)
        {
            table.Note("the parents lead in a circle, or are more than any should be");
        }

        return table;
    }

    private static Table Walk(string name, KernelTask task, KernelWalk<KernelTask> members)
    {
        Table table = TaskTable.Create(name, TaskTable.TitleOf(task));
        foreach (KernelTask member in members)
        {
            TaskTable.Add(table, member);
        }

        WalkNotes.Add(table, name, members);
        if (table.Rows.Count == 0 && table.Notes.Count == 0)
        {
            table.Note($"no {name}");
        }

        return table;
    }
}
