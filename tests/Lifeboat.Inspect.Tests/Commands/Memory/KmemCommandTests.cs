using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Memory;

public sealed class KmemCommandTests
{
    private readonly FakeWorld _world = new();
    private readonly FakeSlabs _slabs;

    public KmemCommandTests() => _slabs = new FakeSlabs(_world);

    [Fact]
    public void Counts_the_objects_of_a_cache()
    {
        Assert.Equal(
            $"""
                       CACHE  OBJSIZE  ALLOCATED  CPUS  TOTAL  SLABS  SSIZE  NAME
            {_slabs.Cache:x}       60         59     2     64      1      4  things

            """,
            _world.Run("kmem -s"));
        Assert.Contains("things", _world.Run("kmem -s things"), StringComparison.Ordinal);
        Assert.Contains("there is no slab cache others", _world.Run("kmem -s others"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_free_objects_by_mixed_links_and_by_what_a_CPU_keeps()
    {
        string[] free = [.. _world.Run("kmem -S things").Split('\n').Where(line => line.EndsWith(" free", StringComparison.Ordinal))];
        Assert.Equal(
            new[] { 2, 5, 9, 20, 21 }.Select(index => $"{FakeSlabs.FirstObject:x}  {FakeSlabs.ObjectAt(index):x}  free"), free);
    }

    [Fact]
    public void Says_that_a_list_of_free_objects_goes_round_or_leads_out()
    {
        _slabs.Link(2, FakeSlabs.ObjectAt(5));
        Assert.Contains("is damaged: more may be free", _world.Run("kmem -S things"), StringComparison.Ordinal);
        _slabs.Link(2, FakeSlabs.ObjectAt(5) + 8);
        Assert.Contains("is damaged: more may be free", _world.RunAnew("kmem -S things"), StringComparison.Ordinal);
        _slabs.Link(2, 0);
        _slabs.Link(21, FakeSlabs.ObjectAt(20));
        Assert.Contains("lists of free objects break off", _world.RunAnew("kmem -s"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_list_of_slabs_goes_round()
    {
        _world.WriteLong(_world.Place(_slabs.SlabPage, "struct page", "slab_list"), _world.Place(_slabs.SlabPage, "struct page", "slab_list"));
        Assert.Contains("things: lists of free objects break off", _world.Run("kmem -s"), StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_what_it_can_where_pages_were_left_out()
    {
        _ = _world.Kernel;
        _world.Exclude(_slabs.SlabPage);
        Assert.Contains("things", _world.Run("kmem -s"), StringComparison.Ordinal);
        Assert.Contains("direct map", _world.Run($"kmem {FakeSlabs.FirstObject:x}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_an_address_is()
    {
        string text = _world.Run($"kmem {FakeSlabs.ObjectAt(4) + 0x10:x} {FakeSlabs.ObjectAt(5):x} {_slabs.SlabPage:x} init_task 18 {FakeWorld.DirectMap + 0x1001000:x}");
        Assert.Contains($"{FakeSlabs.ObjectAt(4):x}  {_slabs.SlabPage:x}  an object of things in use, 0x10 bytes in", text, StringComparison.Ordinal);
        Assert.Contains("an object of things that is free", text, StringComparison.Ordinal);
        Assert.Contains("init_task+0x0", text, StringComparison.Ordinal);
        Assert.Contains("a NULL pointer, 0x18 bytes beyond", text, StringComparison.Ordinal);
        Assert.Contains("pfn 0x1001 in the direct map", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_caches_that_words_point_into()
    {
        _world.WriteLong(_world.InitTask, FakeSlabs.ObjectAt(3));
        Assert.EndsWith("  [things]  -\n", _world.Run($"rd -S {_world.InitTask:x} 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_free_blocks_and_says_what_contradicts_the_count()
    {
        Assert.Contains("Normal      1     8  ", _world.Run("kmem -f"), StringComparison.Ordinal);
        _world.WriteLong(_world.Place(_slabs.PageOf(FakeSlabs.FirstPfn + 16), "struct page", "lru"), 0);
        Assert.Contains("breaks off", _world.Run("kmem -f"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kmem -n", "Normal")]
    [InlineData("kmem -z", "managed")]
    [InlineData("kmem -p 11f0000", "slab things")]
    [InlineData("kmem -p", "slab things")]
    [InlineData("kmem -i", "<excluded>")]
    [InlineData("kmem -v", "the list of areas breaks off")]
    [InlineData("kmem -V", "COUNTER")]
    public void Shows_what_there_is(string command, string expected) => Assert.Contains(expected, _world.Run(command), StringComparison.Ordinal);

    [Theory]
    [InlineData("kmem")]
    [InlineData("kmem -q")]
    [InlineData("kmem -S")]
    [InlineData("kmem -i more")]
    [InlineData("kmem -s -S")]
    [InlineData("kmem nowhere")]
    public void Refuses_what_makes_no_sense(string command) => Assert.Throws<CommandException>(() => _world.Run(command));
}
