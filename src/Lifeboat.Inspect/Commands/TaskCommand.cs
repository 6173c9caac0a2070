using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands;

/// <summary><c>task</c>: members of the <c>task_struct</c> of tasks.</summary>
internal sealed class TaskCommand : InspectCommand
{
    // What is asked for most often; kernels have not all of them.
    private static readonly string[] Main =
    [
        "comm", "pid", "tgid", "__state", "state", "exit_state", "exit_code", "flags", "on_cpu", "thread_info.cpu",
        "recent_used_cpu", "wake_cpu", "prio", "static_prio", "normal_prio", "rt_priority", "policy", "nr_cpus_allowed",
        "se.vruntime", "se.sum_exec_runtime", "start_time", "utime", "stime", "nvcsw", "nivcsw", "min_flt", "maj_flt",
        "real_parent", "group_leader", "stack", "thread.sp", "mm", "active_mm", "fs", "files", "nsproxy", "signal", "sighand",
        "real_cred", "cred", "blocked_on", "bio_list", "in_iowait", "last_switch_count", "journal_info",
    ];

    public override string Name => "task";

    public override string Summary => "members of a task's task_struct";

    public override string Usage =>
        """
        task [-x] [-R MEMBER,...] [PID | TASK]...

          -x        numbers in hex
          -R MEMBER,...
                    these members instead of the main ones: -R comm,mm.pgd,se.vruntime
          PID, TASK by number, or by the address of the task_struct in hex; without any, the task that crashed
        """;

    public override IReadOnlyList<Table> Run(CrashedKernel kernel, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(arguments);
        string[]? members = null;
        bool isHex = false;
        var wanted = new List<string>();
        var words = new CommandWords("task", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-R":
                    members = words.ValueOf("-R").Split(',', StringSplitOptions.RemoveEmptyEntries);
                    break;
                case "-x":
                    isHex = true;
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    wanted.Add(word);
                    break;
            }
        }

        var table = new Table(
            "tasks",
            new Column("PID", "pid", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("MEMBER", "member", ColumnKind.Text),
            new Column("TYPE", "type", ColumnKind.Text),
            new Column("VALUE", "value", ColumnKind.Text));
        if (wanted.Count == 0)
        {
            Add(new ObjectText(kernel, isHex), Crashed(kernel), members, table);
        }

        foreach (string each in wanted)
        {
            Find(kernel, new ObjectText(kernel, isHex), each, members, table);
        }

        return [table];
    }

    private static void Find(CrashedKernel kernel, ObjectText text, string wanted, string[]? members, Table table)
    {
        bool isNumber = long.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out long pid);
        bool isAddress = Places.TryParseHex(wanted, out ulong address);
        if (!isNumber && !isAddress)
        {
            throw new CommandException($"{wanted} is neither a PID nor the address of a task_struct in hex: ps lists them");
        }

        bool isFound = false;
        KernelWalk<KernelTask> tasks = kernel.Tasks;
        foreach (KernelTask task in tasks)
        {
            if ((isAddress && task.Address.Value == address) || (isNumber && task.Pid == pid))
            {
                Add(text, task.Object, members, table);
                isFound = true;
            }
        }

        WalkNotes.Add(table, "tasks", tasks);
        if (!isFound)
        {
            table.Note($"there is no task {wanted}: ps lists them");
        }
    }

    private static void Add(ObjectText text, KernelObject task, string[]? members, Table table)
    {
        foreach (string member in members ?? Main)
        {
            if (task.TryGet(member, out KernelObject? value))
            {
                table.Add(
                    Cell.Number(task["pid"].Signed),
                    task.Fault == MemoryFault.None ? Cell.Address(task.Address) : Cell.Address(null),
                    Cell.Text(member),
                    Cell.Text(value.Type.Name),
                    Cell.Text(text.Of(value)));
            }
            else if (members is not null)
            {
                throw ObjectColumns.NoMember(task.Type, member);
            }
        }
    }

    /// <summary>What ran on the CPU that crashed.</summary>
    private static KernelObject Crashed(CrashedKernel kernel)
    {
        foreach (string name in (ReadOnlySpan<string>)["crashing_cpu", "panic_cpu"])
        {
            if (kernel.TryFindGlobal(name, "int", out KernelObject? cpu) && cpu.Signed is >= 0 and <= int.MaxValue and var number
                && kernel.TryFindPerCpu("runqueues", (int)number, out KernelObject? queue)
                && queue["curr"] is { Pointer: { Value: not 0 } } current)
            {
                return current.Target;
            }
        }

        throw new CommandException("which task crashed is not known: task wants a PID, ps lists them");
    }
}
