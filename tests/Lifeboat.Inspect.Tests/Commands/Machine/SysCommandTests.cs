using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Commands.Machine;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Machine;

public sealed class SysCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Tells_of_the_machine_and_the_kernel()
    {
        string text = _world.Run("sys");
        Assert.Contains("        CPUS: 2 possible, 2 online\n", text, StringComparison.Ordinal);
        Assert.Contains("LOAD AVERAGE: 1.50, 0.00, 0.00\n", text, StringComparison.Ordinal);
        Assert.Contains("TASKS: 5\n", text, StringComparison.Ordinal);
        Assert.Contains("TAINT: O (module out of the kernel's tree)\n", text, StringComparison.Ordinal);
        Assert.Contains("COMMAND LINE: root=/dev/vda quiet\n", text, StringComparison.Ordinal);
        Assert.Contains("MEMORY: 2 MiB\n", text, StringComparison.Ordinal);
        Assert.Contains("RELEASE: <excluded>\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_told_and_no_error()
    {
        _ = _world.Kernel;
        _world.Exclude(_world.InitTask);
        string text = _world.Run("sys");
        Assert.Contains("COMMAND LINE: <excluded>", text, StringComparison.Ordinal);
        Assert.Contains("LOAD AVERAGE: <excluded>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_nothing() => Assert.Throws<CommandException>(() => _world.Run("sys -x"));

    [Theory]
    [InlineData(0UL, "not tainted")]
    [InlineData(1UL | 1 << 7, "P (proprietary module), D (oops or BUG before)")]
    [InlineData(1UL << 40, "? (bit 40)")]
    public void Taint_is_explained(ulong bits, string text) => Assert.Equal(text, TaintLetters.Explain(bits));
}
