using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Kernel.Waiting;

namespace Lifeboat.Inspect.Tests.Commands.Devices;

public sealed class KernelObjectCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Files_have_paths_through_mounts_and_say_when_they_are_deleted()
    {
        string[][] rows = Rows("files");
        Assert.Equal(["0", "2"], rows.Select(row => row[0]));
        Assert.Equal(["REG", "REG"], rows.Select(row => row[4]));
        Assert.Equal(["/etc/motd", "/proc/version (deleted)"], rows.Select(row => row[5]));
        Assert.Contains("root /  folder /etc", _world.Run("files"), StringComparison.Ordinal);
        Assert.Equal("3", Rows("files -c -R motd").Single()[5]);
        Assert.Empty(Rows("files -R nothing"));
        Assert.Equal("/etc/motd", Rows("files -R 0").Single()[5]);
    }

    [Fact]
    public void Mounts_stand_in_order_with_what_is_open_in_them()
    {
        string[][] rows = Rows("mount");
        Assert.Equal(["ext4 rw /dev/vda /", "proc ro proc /proc"], rows.Select(row => string.Join(' ', row[2..])));
        Assert.Equal("/proc", Rows("mount proc").Single()[5]);
        Assert.Equal("/etc/motd", _world.Tables("mount -f ext4")[1].Rows.Single()[4].ToText(Inspect.Tables.ColumnKind.Text));
    }

    [Fact]
    public void Network_interrupts_ipc_and_devices_are_listed()
    {
        Assert.Equal("1 lo up 65536 02:61:62:63:64:65 ", string.Join(' ', Rows("net").Single()[1..]));
        Assert.Equal(
            ["3 CHIP 17 edge start_kernel clock", "3 CHIP 17 edge start_kernel spare"],
            Rows("irq").Select(row => string.Join(' ', row[0], row[2], row[3], row[4], row[6], row[7])));
        Assert.Equal("clock, spare", Rows("irq -s 3").Single()[4]);
        Assert.Empty(Rows("irq 4"));
        Assert.Equal("ff000001 5 <excluded> 660 4096 2", string.Join(' ', Rows("ipcs -m").Single()[1..]));
        Assert.Equal("1 0 256 mem  ", string.Join(' ', Rows("dev").Single()));
        Assert.Contains("breaks off", _world.Run("dev -p"), StringComparison.Ordinal);
        Assert.Contains("2 of 2", _world.Run("mach"), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waits_in_a_queue_is_a_task_or_a_function()
    {
        string[][] rows = Rows("waitq queue");
        Assert.Equal(["7", ""], rows.Select(row => row[1]));
        Assert.Equal(["start_kernel", "start_kernel"], rows.Select(row => row[4]));
        Assert.Equal(["worker", ""], rows.Select(row => row[5]));
        Assert.Throws<CommandException>(() => _world.Tables("waitq task_struct.nothing 0"));
        Assert.Throws<CommandException>(() => _world.Tables("waitq -x"));
        Assert.Throws<CommandException>(() => _world.Tables("waitq"));
    }

    [Fact]
    public void A_mutex_knows_its_holder_and_its_waiters()
    {
        Assert.True(_world.Kernel.Symbols.TryFindAddress("lock", out Core.Memory.VirtualAddress place));
        KernelMutex mutex = _world.Kernel.MutexAt(place)!;
        Assert.True(mutex.IsLocked);
        Assert.Equal("init", mutex.Owner!.Name);
        Assert.Equal([7], mutex.Waiters.Select(waiter => waiter.Task!.Pid!.Value));
    }

    [Fact]
    public void What_lies_on_excluded_pages_is_a_note_or_a_word()
    {
        KernelTask init = _world.Kernel.Tasks.First(task => task.Pid == 1);
        ulong files = init.Object["files"].Pointer!.Value.Value;
        _world.Exclude(files);
        string text = _world.Run("files");
        Assert.Contains("breaks off", text, StringComparison.Ordinal);
        foreach (string command in (string[])["mount -f -i", "net", "net -s", "irq", "irq -s", "ipcs", "dev", "waitq queue", "waitq -b", "mach -c"])
        {
            Assert.NotEmpty(_world.Run(command));
        }
    }

    [Theory]
    [InlineData("files -x")]
    [InlineData("mount -x")]
    [InlineData("mount a b")]
    [InlineData("net -x")]
    [InlineData("net init")]
    [InlineData("dev -x")]
    [InlineData("dev x")]
    [InlineData("timer -x")]
    [InlineData("timer x")]
    [InlineData("irq -x")]
    [InlineData("irq x")]
    [InlineData("irq -c x")]
    [InlineData("ipcs -x")]
    [InlineData("ipcs x")]
    [InlineData("mach -x")]
    [InlineData("mach x")]
    [InlineData("mount -n nobody")]
    [InlineData("waitq -b soon")]
    public void A_call_that_makes_no_sense_is_refused(string command) =>
        Assert.Throws<CommandException>(() => _world.Tables(command));

    private string[][] Rows(string command)
    {
        Inspect.Tables.Table table = _world.Tables(command)[0];
        return [.. table.Rows.Select(row => row.Select((cell, i) => cell.ToText(table.Columns[i].Kind)).ToArray())];
    }
}
