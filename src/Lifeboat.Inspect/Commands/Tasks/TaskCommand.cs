using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

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
          PID, TASK by number, by the address of the task_struct in hex, or by name; without any, the task that crashed, or
                    the one chosen with set
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
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
        var text = new ObjectText(kernel, isHex);
        foreach (KernelTask task in new TaskChoice(wanted).FindIn(session, table))
        {
            Add(text, task.Object, members, table);
        }

        return [table];
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
}
