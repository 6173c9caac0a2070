using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Ipc;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Ipc;

/// <summary><c>ipcs</c>: System V shared memory, semaphores and message queues.</summary>
internal sealed class IpcsCommand : InspectCommand
{
    public override string Name => "ipcs";

    public override string Summary => "shared memory, semaphores and message queues (System V)";

    public override string Usage =>
        """
        ipcs [-m] [-s] [-q] [-n PID | TASK]

          -m      shared memory
          -s      semaphores
          -q      message queues; without any of the three, all
          -n PID, TASK
                  as this task sees them; without it, as the task that crashed, or the one chosen with set
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (bool memory, bool semaphores, bool messages, string? task) = (false, false, false, null);
        var words = new CommandWords("ipcs", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-m":
                    memory = true;
                    break;
                case "-s":
                    semaphores = true;
                    break;
                case "-q":
                    messages = true;
                    break;
                case "-n":
                    task = words.ValueOf("-n");
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    throw words.Wrong("options only");
            }
        }

        bool all = !memory && !semaphores && !messages;
        var tables = new List<Table>
        {
            TableOf("sharedMemory", "SHMID_KERNEL", new Column("BYTES", "bytes", ColumnKind.Number), new Column("ATTACHED", "attached", ColumnKind.Number)),
            TableOf("semaphores", "SEM_ARRAY", new Column("SEMAPHORES", "count", ColumnKind.Number)),
            TableOf("messageQueues", "MSG_QUEUE", new Column("BYTES", "bytes", ColumnKind.Number), new Column("MESSAGES", "messages", ColumnKind.Number)),
        };
        IpcNamespace? space = TaskContext.Find(session, task, tables[0])?.Ipc ?? (task is null ? session.Kernel.Ipc : null);
        if (space is null)
        {
            tables[0].Note("the task's namespace cannot be read: it is gone, or its namespace is not in the dump");
        }
        else
        {
            Fill(space, tables);
        }

        return [.. Chosen(tables, [all || memory, all || semaphores, all || messages])];
    }

    private static IEnumerable<Table> Chosen(List<Table> tables, bool[] isWanted)
    {
        for (int i = 0; i < tables.Count; i++)
        {
            if (isWanted[i])
            {
                yield return tables[i];
            }
        }
    }

    private static void Fill(IpcNamespace space, List<Table> tables)
    {
        KernelWalk<SharedMemory> memory = space.SharedMemory;
        foreach (SharedMemory segment in memory)
        {
            Add(tables[0], segment, Cell.Unsigned(segment.Size?.Value), Cell.Unsigned(segment.Attached));
        }

        WalkNotes.Add(tables[0], "shared memory", memory);
        KernelWalk<SemaphoreSet> sets = space.Semaphores;
        foreach (SemaphoreSet set in sets)
        {
            Add(tables[1], set, Cell.Number(set.Count));
        }

        WalkNotes.Add(tables[1], "semaphores", sets);
        KernelWalk<MessageQueue> queues = space.Messages;
        foreach (MessageQueue queue in queues)
        {
            Add(tables[2], queue, Cell.Unsigned(queue.Used?.Value), Cell.Unsigned(queue.Messages));
        }

        WalkNotes.Add(tables[2], "message queues", queues);
    }

    private static Table TableOf(string name, string title, params Column[] more) => new(
        name,
        [
            new Column(title, "object", ColumnKind.Hex),
            new Column("KEY", "key", ColumnKind.Hex),
            new Column("ID", "id", ColumnKind.Number),
            new Column("UID", "uid", ColumnKind.Number),
            new Column("MODE", "mode", ColumnKind.Text),
            .. more,
        ]);

    private static void Add(Table table, IpcObject item, params Cell[] more) => table.Add(
        [
            Cell.Address(item.Object.Address),
            Cell.Address(item.Key is { } key ? new Core.Memory.VirtualAddress(key & uint.MaxValue) : null),
            Cell.Number(item.Id),
            Cell.Unsigned(item.Owner),
            Cell.Text(item.Mode is { } mode ? Convert.ToString((long)mode, 8).PadLeft(3, '0') : null),
            .. more,
        ]);
}
