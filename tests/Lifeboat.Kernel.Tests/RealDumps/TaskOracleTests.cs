using System.Globalization;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Tasks and modules as drgn finds them with debugging information.</summary>
public sealed class TaskOracleTests
{
    private const string Script = """
        def show(task):
            rss = ''
            if task.mm:
                counts = [c.counter.value_() for c in task.mm.rss_stat.count]
                rss = sum(max(0, counts[kind]) for kind in (0, 1, 3))
            print('task', hex(task.value_()), task.pid.value_(), task.tgid.value_(), task.real_parent.tgid.value_(),
                  task_state_to_char(task), task_cpu(task), rss, task.comm.string_().decode(), sep='|')
        for cpu in for_each_possible_cpu(prog):
            show(per_cpu(prog['runqueues'], cpu).idle)
        for task in for_each_task(prog):
            show(task)
        for module in list_for_each_entry('struct module', prog['modules'].address_of_(), 'list'):
            print('module', hex(module.value_()), module.name.string_().decode(), hex(module.core_layout.base),
                  module.core_layout.size.value_() + module.init_layout.size.value_(), module.taints.value_(), sep='|')
        """;

    [Fact]
    public void Tasks_and_modules_are_those_that_drgn_finds()
    {
        Tools.Require(Tools.Drgn);
        (string path, string image) = RealDump.RequireWithImage();
        string[] expected = Tools.AskDrgn(Script, path, image);
        using var dump = CrashDump.Open(path);
        KernelWalk<KernelTask> tasks = dump.Kernel.Tasks;
        KernelWalk<KernelModule> modules = dump.Kernel.Modules;
        string[] found = [.. tasks.Select(Show), .. modules.Select(Show)];
        Assert.Equal((WalkEnd.Complete, WalkEnd.Complete), (tasks.End, modules.End));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.InRange(tasks.Count(), 40, 1000);
    }

    private static string Show(KernelTask task) => string.Join(
        '|', "task", task.Address, task.Pid, task.ProcessId, task.ParentId, TaskStates.LetterOf(task.State!.Value), task.Cpu,
        task.ResidentPages?.ToString(CultureInfo.InvariantCulture), task.Name);

    private static string Show(KernelModule module) => string.Join(
        '|', "module", module.Object.Address, module.Name, module.Text, module.Size?.Value, module.Taints);
}
