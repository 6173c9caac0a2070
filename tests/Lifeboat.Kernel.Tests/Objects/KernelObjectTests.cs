using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.Objects;

public sealed class KernelObjectTests
{
    private readonly ObjectWorld _world = new();

    [Fact]
    public void Numbers_of_every_kind_are_read()
    {
        KernelObject item = _world.New("struct item");
        _world.Set(item["number"], unchecked((uint)-7));
        _world.Write(item.At(_world.Types["int"], item.Address + new ByteCount(28)), [0b10111_011]);
        _world.Set(item["numbers"][2], 12);
        Assert.Equal(-7, item["number"].Signed);
        Assert.Equal(0xffff_fff9UL, item["number"].Unsigned);
        Assert.Equal((3, -9), (item["low"].Signed, item["high"].Signed));
        Assert.Equal((3UL, 0x17UL), (item["low"].Unsigned, item["high"].Unsigned));
        Assert.Equal(12, item["numbers"][2].Signed);
        Assert.Null(item["link"].Unsigned);
    }

    [Fact]
    public void Texts_end_at_their_zero_or_with_their_array()
    {
        KernelObject item = _world.New("struct item");
        _world.Write(item["name"], "kworker!rest"u8[..8]);
        KernelObject label = _world.New("struct item");
        _world.Write(label["name"], "swap\0xx"u8);
        _world.Set(item["label"], label["name"]);
        Assert.Equal("kworker!", item["name"].Text());
        Assert.Equal("swap", item["label"].Text());
        Assert.Equal("sw", item["label"].Text(mostBytes: 2));
    }

    [Fact]
    public void A_path_leads_through_unnamed_structures_and_pointers()
    {
        KernelObject first = _world.New("struct item");
        KernelObject second = _world.New("struct item");
        _world.Set(first["other"], second);
        _world.Set(second["other"], first);
        _world.Set(first["state"], 5);
        Assert.Equal(5, second["other"]["state"].Signed);
        Assert.Equal(5, first["other.other.state"].Signed);
        Assert.Equal("WAITING", first["state"].Type.NameOf(5));
        Assert.Equal(first.Address, first["node"].ContainerOf(_world.Types["item"], "node").Address);
        Assert.False(first.TryGet("no_such", out _));
        Assert.Throws<UnknownTypeException>(() => first["other.no_such"]);
    }

    [Fact]
    public void What_lies_behind_unreadable_memory_has_a_fault_and_nothing_throws()
    {
        KernelObject item = _world.New("struct item");
        KernelObject behindNull = item["other"]["name"];
        Assert.Null(behindNull.Text());
        Assert.Null(item["other.other.number"].Signed);
        Assert.False(item["other.other.number"].TryReadNumber(out _, out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Unmapped, fault.Reason);
        Assert.Contains("not mapped", item["other.other.number"].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("struct item", "struct item")]
    [InlineData("item", "struct item")]
    [InlineData("struct item **", "struct item **")]
    [InlineData("unsigned long", "long unsigned int")]
    [InlineData("enum state", "enum state")]
    [InlineData("void *", "void *")]
    public void Types_are_found_by_their_names_in_C(string name, string expected) =>
        Assert.Equal(expected, _world.Types[name].Name);

    [Theory]
    [InlineData("struct nothing")]
    [InlineData("union item")]
    [InlineData("*")]
    public void A_type_that_is_not_there_is_not_found(string name)
    {
        Assert.False(_world.Types.TryFind(name, out _));
        Assert.Throws<UnknownTypeException>(() => _world.Types[name]);
    }

    [Fact]
    public void Members_are_named_as_C_declares_them()
    {
        string[] types = [.. _world.Types["item"].Members.Select(static member => $"{member.Name}: {member.Type}")];
        Assert.Contains("name: char [8]", types);
        Assert.Contains("other: struct item *", types);
        Assert.Contains("label: char *", types);
        Assert.Contains(": union {...}", types);
    }
}
