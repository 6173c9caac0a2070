using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands;

public sealed class DamagedMemoryTests
{
    private static readonly string[] Commands =
    [
        "sys", "ps -S", "runq", "task 1 7 8", "p init_task", "p runqueues:a", "p -x runqueues:a.cfs", "rd -s init_task 64",
        "p init_task.real_parent.signal.thread_head.next.next", "list -H -o task_struct.tasks -s task_struct init_task.tasks",
        "list -s task_struct.mm.pgd,comm task_struct.real_parent init_task", "tree -t xarray modules", "tree -t maple modules",
        "files init", "files -c init worker", "mount -f -i", "net", "net -a", "net -s init", "dev", "dev -d", "dev -p", "timer", "timer -r",
        "irq", "irq -u -s", "irq -b", "ipcs", "mach", "mach -c", "mach -m", "waitq queue", "waitq -b 0", "waitq -t init worker",
        "tree -o task_struct.se.run_node -s task_struct.comm modules", "vtop modules init_task", "struct task_struct init_task",
        "ps -t", "ps -m", "ps -p", "ps -c", "ps -g", "foreach RU task -R comm",
        "kmem -i", "kmem -s", "kmem -S things", "kmem -f", "kmem -n", "kmem -z", "kmem -V", "kmem -v", "kmem init_task modules", "vm -p 7",
        "swap", "rd -S init_task 64", "search -p -m ffff ffffffff81180000", "search -t 1",
    ];

    [Fact]
    public void No_damage_ends_a_command()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var world = new FakeWorld();
            _ = new FakeSlabs(world);
            _ = new FakeProcess(world);
            _ = world.Kernel;
            for (int round = 0; round < 4; round++)
            {
                world.Damage(random);
                Assert.All(Commands, command => Assert.NotEmpty(world.Run(command)));
            }
        }
    }
}
