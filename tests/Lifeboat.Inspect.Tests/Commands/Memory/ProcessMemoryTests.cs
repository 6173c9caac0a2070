using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Memory;

public sealed class ProcessMemoryTests
{
    private readonly FakeWorld _world = new();
    private readonly FakeProcess _process;

    public ProcessMemoryTests()
    {
        _process = new FakeProcess(_world);
        _world.Session.Task = _world.Kernel.Tasks.Single(task => task.Pid == 7);
    }

    [Fact]
    public void Says_where_pages_of_a_process_are() => Assert.Equal(
        """
        VIRTUAL  PHYSICAL   PFN  PAGE                            SYMBOL
         400010   11e4010  11e4  present                         [heap]
         401000                  swapped: page 5 of swap area 0  [heap]
         402000   11e4000  11e4  present, without access         [heap]
         403000                  not mapped                      [heap]
         800000                  not mapped

        """,
        _world.Run("vtop -c 7 400010 401000 402000 403000 800000"));

    [Fact]
    public void Takes_low_addresses_for_those_of_the_chosen_task()
    {
        Assert.Contains("11e4000  11e4  present", _world.Run("vtop 400000"), StringComparison.Ordinal);
        Assert.Contains("not mapped", _world.Run("vtop -k 400000"), StringComparison.Ordinal);
        Assert.Contains("user memory here", _world.Run("rd 400000 2"), StringComparison.Ordinal);
        Assert.Contains("user memory here", _world.Run("rd -u 400000 2"), StringComparison.Ordinal);
        Assert.Contains("<excluded>", _world.Run("rd -u 401000"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_areas_and_pages()
    {
        string text = _world.Run("vm -p worker");
        Assert.Contains($"{_process.Area:x}  400000  404000     73  rw-p       0  [heap]", text, StringComparison.Ordinal);
        Assert.Contains(" 401000            swapped: page 5 of swap area 0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("403000", text, StringComparison.Ordinal);
        Assert.Contains("has no user memory", _world.Run("vm init"), StringComparison.Ordinal);
        Assert.Contains("vm_pgoff", _world.Run("vm -v 7"), StringComparison.Ordinal);
        Assert.Contains("start_brk", _world.Run("vm -m 7"), StringComparison.Ordinal);
        Assert.Contains("there is no task 99", _world.Run("vm 99"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_table_that_was_left_out_is_said()
    {
        _world.Exclude(_process.Pages);
        Assert.Contains("page table: 0x11e3000 is excluded", _world.Run("vtop -u 400000"), StringComparison.Ordinal);
        Assert.Contains("page table: ", _world.Run("vm -p"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_swap_areas()
    {
        string text = _world.Run("swap");
        Assert.Contains("400   100  25%    0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_words_and_texts()
    {
        Assert.Contains(" 400005  memory here", _world.Run("search -u -c memory"), StringComparison.Ordinal);
        Assert.Contains($"{FakeWorld.DirectMap + 0x11e4005:x}  memory here", _world.Run("search -c memory"), StringComparison.Ordinal);
        Assert.Contains(" 11e4005  memory here", _world.Run("search -p -c memory"), StringComparison.Ordinal);
        Assert.Contains("72657375", _world.Run("search -p -w 72657375"), StringComparison.Ordinal);
        Assert.Contains("7375", _world.Run("search -p -h 7375"), StringComparison.Ordinal);
        Assert.Contains($"{FakeWorld.Start + 0x1e4000:x}  6d656d2072657375", _world.Run($"search -s {FakeWorld.Start + 0x1e4000:x} -l 4096 6d656d2072657375"), StringComparison.Ordinal);
        Assert.Contains("6d656d2072657375", _world.Run("search -m ff00 -p 6d656d2072650075"), StringComparison.Ordinal);
        Assert.Contains("not found in", _world.Run("search 1122334455667788"), StringComparison.Ordinal);
        Assert.Contains("not found in", _world.Run("search -t 1122334455667788"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_crosses_the_pieces_of_a_search_is_found()
    {
        // Copied memory comes in pieces of 256 KiB.
        _world.WriteText(FakeWorld.Start + (256 << 10) - 3, "crossing");
        Assert.Contains($"{0x1000000 + (256 << 10) - 3:x}  crossing", _world.Run("search -p -c crossing"), StringComparison.Ordinal);
        _world.WriteText(FakeWorld.Start + (512 << 10) - 8, "justhere");
        Assert.Single(_world.Tables("search -p -c justhere")[0].Rows);
    }

    [Theory]
    [InlineData("vtop -u -k 1")]
    [InlineData("vtop -c 99 1")]
    [InlineData("vtop -c 8 1")]
    [InlineData("vm -q")]
    [InlineData("swap all")]
    [InlineData("search")]
    [InlineData("search -w 112233445566")]
    [InlineData("search -e init_task 1")]
    [InlineData("search -s init_task -e init_task 1")]
    [InlineData("search nowhere")]
    public void Refuses_what_makes_no_sense(string command) => Assert.Throws<CommandException>(() => _world.Run(command));
}
