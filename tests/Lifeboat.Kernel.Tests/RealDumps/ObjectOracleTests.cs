using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Time;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Timers, files, mounts and interrupts as drgn finds them with debugging information.</summary>
public sealed class ObjectOracleTests
{
    private const string Script = """
        for cpu in for_each_possible_cpu(prog):
            for wheel in per_cpu(prog['timer_bases'], cpu):
                for vector in wheel.vectors:
                    for timer in hlist_for_each_entry('struct timer_list', vector.address_of_(), 'entry'):
                        print('timer', cpu, hex(timer.value_()), timer.expires.value_(), hex(timer.function.value_()), sep='|')
            for clock in per_cpu(prog['hrtimer_bases'], cpu).clock_base:
                for timer in rbtree_inorder_for_each_entry(
                        'struct hrtimer', clock.active.rb_root.rb_root.address_of_(), 'node.node'):
                    print('hrtimer', cpu, hex(timer.value_()), timer.node.expires.value_(), sep='|')
        for task in for_each_task(prog):
            if task.files:
                for fd, file in for_each_file(task):
                    if file: # a number may be taken before there is a file
                        print('file', task.pid.value_(), fd, hex(file.value_()), hex(file.f_inode.value_()), sep='|')
        for mount in for_each_mount(prog):
            print('mount', hex(mount.value_()), mount_src(mount).decode(), mount_dst(mount).decode(), mount_fstype(mount).decode(), sep='|')
        for number, entry in radix_tree_for_each(prog['irq_desc_tree'].address_of_()):
            print('irq', number, hex(entry.value_()), sep='|')
        for disk in for_each_disk(prog):
            print('disk', hex(disk.value_()), disk_name(disk).decode(), sep='|')
        for device in for_each_netdev(prog['init_net'].address_of_()) if 'for_each_netdev' in globals() else []:
            print('net', hex(device.value_()), sep='|')
        """;

    [Fact]
    public void Objects_are_those_that_drgn_finds()
    {
        Tools.Require(Tools.Drgn);
        (string path, string image) = RealDump.RequireWithImage();
        string[] expected = Tools.AskDrgn(Script, path, image);
        using var dump = CrashDump.Open(path);
        CrashedKernel kernel = dump.Kernel;
        KernelWalk<WheelTimer> wheels = kernel.Timers;
        KernelWalk<HighResolutionTimer> timers = kernel.HighResolutionTimers;
        KernelWalk<KernelMount> mounts = kernel.Tasks.First(task => task.Pid == 1).Mounts!.Mounts;
        string[] found =
        [
            .. wheels.Select(timer => $"timer|{timer.Cpu}|{timer.Object.Address}|{timer.Expires}|{timer.Function}"),
            .. timers.Select(timer => $"hrtimer|{timer.Cpu}|{timer.Object.Address}|{timer.Expires}"),
            .. kernel.Tasks.Where(task => task.Pid > 0).SelectMany(task => task.OpenFiles.Select(
                file => $"file|{task.Pid}|{file.Descriptor}|{file.File.Object.Address}|{file.File.Inode!.Object.Address}")),
            .. mounts.Select(mount => $"mount|{mount.Object.Address}|{mount.Device}|{mount.Folder}|{mount.FileSystem}"),
            .. kernel.Interrupts.Select(line => $"irq|{line.Number}|{line.Object.Address}"),
            .. kernel.Disks.Select(disk => $"disk|{disk.Object.Address}|{disk.Name}"),
        ];
        Assert.Equal((WalkEnd.Complete, WalkEnd.Complete, WalkEnd.Complete), (wheels.End, timers.End, mounts.End));
        Assert.Equal(
            expected.Where(line => !line.StartsWith("net", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal));
        Assert.InRange(wheels.Count(), 5, 10_000);
    }
}
