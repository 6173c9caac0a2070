using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Code;

public sealed class DisCommandTests
{
    private const ulong Function = FakeWorld.Start + 0x100;
    private readonly FakeWorld _world = new();

    public DisCommandTests() => _world.WriteCode(
        "look",
        Function,
        [
            0x55, // push rbp
            0x65, 0x48, 0x8b, 0x04, 0x25, 0, 0x10, 0, 0, // mov rax, gs:[0x1000]
            0xe8, 0x01, 0xff, 0xff, 0xff, // call 0x10 from the start of the image
            0x74, 0x02, // je +2
            0x0f, 0x0b, // ud2
            0x5d, // pop rbp
            0xc3, // ret
        ]);

    [Fact]
    public void A_function_is_listed_whole_with_names_for_what_it_refers_to()
    {
        string[] lines = Lines("dis look");
        Assert.Equal(8, lines.Length);
        Assert.Matches("^ +ffffffff81000100  look +push rbp$", lines[1]);
        Assert.EndsWith("mov rax, gs:[runqueues]", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("call start_kernel", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("je look+0x13", lines[4], StringComparison.Ordinal);
        Assert.EndsWith("ud2", lines[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dis look+1", "look+0x1")]
    [InlineData("dis ffffffff81000101 2", "look+0x1 look+0xa")]
    [InlineData("dis look 3", "look look+0x1 look+0xa")]
    [InlineData("dis -r look+0xf", "look look+0x1 look+0xa look+0xf")]
    [InlineData("dis -r look+0xc 2", "look+0x1 look+0xa")]
    [InlineData("dis -f look+0x11", "look+0x11 look+0x13 look+0x14")]
    [InlineData("dis -f look+0x11 2", "look+0x11 look+0x13")]
    public void Lists_as_much_as_is_asked_for(string command, string places) =>
        Assert.Equal(places, string.Join(' ', Lines(command)[1..].Select(line => line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])));

    [Fact]
    public void Code_that_the_dump_does_not_have_is_in_its_place()
    {
        _world.WriteCode("edge", FakeWorld.Start + 0xffe, 0x90, 0x90, 0x90);
        _ = _world.Kernel;
        _world.Exclude(FakeWorld.Start + 0x1000);
        string[] lines = Lines("dis edge");
        Assert.Equal(5, lines.Length);
        Assert.EndsWith("<excluded>", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("note: the code ends", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_source_are_said_not_to_be_known() =>
        Assert.Contains("note: source lines are not known", _world.Run("dis -l look"), StringComparison.Ordinal);

    [Theory]
    [InlineData("dis")]
    [InlineData("dis -r -f look")]
    [InlineData("dis look 0")]
    [InlineData("dis look 99999999")]
    [InlineData("dis -x look")]
    [InlineData("dis -r 10")]
    [InlineData("dis nothing")]
    public void Refuses_what_makes_no_sense(string command) => Assert.Throws<CommandException>(() => _world.Run(command));

    private string[] Lines(string command) => _world.Run(command).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
