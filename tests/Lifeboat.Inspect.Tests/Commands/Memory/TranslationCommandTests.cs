using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Memory;

public sealed class TranslationCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Says_where_a_virtual_address_is()
    {
        string text = _world.Run($"vtop start_kernel+0x2 {FakeWorld.DirectMap + 0x1000123:x} {FakeWorld.DirectMap + 0x10:x} 10");
        Assert.Equal(
            """
                     VIRTUAL  PHYSICAL   PFN  PAGE        SYMBOL
            ffffffff81000012   1000012  1000  present     start_kernel+0x2
            ffff888001000123   1000123  1000  present
            ffff888000000010        10     0  not RAM
                          10                  not mapped

            """,
            text);
    }

    [Fact]
    public void Says_that_the_page_was_left_out()
    {
        _ = _world.Kernel;
        _world.Exclude(_world.Worker);
        Assert.Contains("excluded", _world.Run($"vtop {_world.Worker:x}"), StringComparison.Ordinal);
        _world.Exclude(FakeWorld.Start + 0x100000);
        Assert.Contains("page table: ", _world.Run($"vtop {FakeWorld.DirectMap:x}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_the_direct_map_has_physical_memory()
    {
        Assert.Equal(
            """
            PHYSICAL           VIRTUAL    PFN  PAGE
             1000123  ffff888001000123   1000  present
            40000000  ffff888040000000  40000  not RAM
            note: the kernel does not map 0xffff888040000000: it is where 0x40000000 would be

            """,
            _world.Run("ptov 1000123 40000000"));
    }

    [Theory]
    [InlineData("vtop")]
    [InlineData("vtop -u 1")]
    [InlineData("vtop nowhere")]
    [InlineData("ptov")]
    [InlineData("ptov -x")]
    [InlineData("ptov jiffies")]
    public void Refuses_what_is_no_address(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
