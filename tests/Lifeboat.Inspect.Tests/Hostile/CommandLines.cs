using Lifeboat.Inspect.Commands;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>Every command as it may be called, for memory of which anything may be wrong.</summary>
internal static class CommandLines
{
    /// <summary>Not a command but the report.</summary>
    internal const string Report = "report";

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["bt"] = ["", "-a", "-A", "-c 0", "-f", "-s", "-l", "1"],
        ["dis"] = ["schedule", "-r schedule+0x10", "-l panic"],
        ["foreach"] = ["bt", "task", "UN bt", "vm", "files"],
        ["help"] = ["", "ps"],
        ["ipcs"] = ["", "-s", "-m", "-q"],
        ["irq"] = ["", "-a", "-s", "-b"],
        ["kmem"] = ["-i", "-s", "-f", "-p", "-v", "-n", "-z", "-V", "-S", "-h", "init_task", "-s init_task"],
        ["list"] =
        [
            "-H -o task_struct.tasks -s task_struct.pid,comm,mm.pgd init_task.tasks", "-H modules",
            "-s task_struct.comm task_struct.real_parent init_task", "-H -o module.list -s module.name modules",
        ],
        ["mod"] = ["", "-t"],
        ["p"] = ["init_task", "runqueues:a.curr.comm", "-x runqueues:a.cfs", "jiffies", "init_task.real_parent.signal.thread_head.next.next"],
        ["ps"] = ["", "-k", "-u", "-S", "-t", "-m", "-p", "-c", "-l", "init"],
        ["ptov"] = ["0", "1000000", "ffffffffffffffff"],
        ["rd"] = ["init_task 64", "-s init_task 64", "-32 jiffies 3", "-p 1000000 16", "-8 modules 40"],
        ["search"] = ["-k deadbeef", "-p deadbeef", "-k init_task"],
        ["set"] = ["", "1", "-p", "-c 0"],
        ["struct"] = ["task_struct init_task", "list_head modules", "task_struct", "task_struct.se.vruntime init_task"],
        ["sym"] = ["init_task", "schedule panic", "-q task", "ffffffff81000010", "-m ext4"],
        ["task"] = ["", "0 1 7 8", "-R comm,mm.pgd,se.vruntime 1", "-x 1"],
        ["tree"] =
        [
            "-t xarray numbers", "-t maple ranges", "-t maple init_mm.mm_mt", "-o sched_entity.run_node -s sched_entity.vruntime nodes",
            "-t xarray irq_domain_idr", "-t radix page_idr", "-t xarray modules", "-t maple modules", "vmap_area_root",
        ],
        ["vtop"] = ["modules init_task", "ffff888000001000", "0", "ffffffffffffffff"],
        ["whatis"] = ["struct task_struct", "schedule", "init_task", "runqueues"],
        ["*"] = ["task_struct init_task"],
    };

    /// <summary>All of them; commands that are not known here are called in a few ways that some understand.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. Lines()];

    private static IEnumerable<string> Lines()
    {
        foreach (InspectCommand command in InspectCommands.All)
        {
            foreach (string arguments in Known.GetValueOrDefault(command.Name) ?? ["", "1", "-a", "-s", "-l", "init_task"])
            {
                yield return $"{command.Name} {arguments}".TrimEnd();
            }
        }

        yield return Report;
    }
}
