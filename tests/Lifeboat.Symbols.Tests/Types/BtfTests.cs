using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Symbols.Tests.Types;

public sealed class BtfTests
{
    private readonly BtfWriter _writer = new();
    private readonly int _int;
    private readonly int _long;

    public BtfTests()
    {
        _int = _writer.Int("int", 4);
        _long = _writer.Int("unsigned long", 8, isSigned: false);
    }

    private Btf Types => Btf.Parse(_writer.Write());

    [Fact]
    public void Type_0_is_void_and_numbers_beyond_the_last_are_a_mistake_of_the_caller()
    {
        Btf types = Types;
        Assert.Equal(3, types.TypeCount);
        Assert.Equal((BtfKind.Void, ""), (types.TypeById(0).Kind, types.TypeById(0).Name));
        Assert.False(types.TryGetSize(0, out _));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => types.TypeById(3));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => types.TypeById(-1));
    }

    [Fact]
    public void A_structure_has_its_members_in_order_with_bit_fields()
    {
        int id = _writer.Structure(
            BtfKind.Struct, "mixed", 16, ("flags", _long, 0, 0), ("low", _int, 64, 3), ("high", _int, 67, 29));
        Btf types = Types;
        Assert.True(types.TryFind("mixed", BtfKind.Struct, out BtfType? found));
        Assert.Equal((id, 16UL), (found.Id, found.Size.Value));
        Assert.Equal(
            [new("flags", _long, 0, 0), new("low", _int, 64, 3), new("high", _int, 67, 29)], found.Members);
        Assert.False(found.Members[0].IsBitField);
        Assert.True(found.Members[2].IsBitField);
        Assert.Equal(8, found.Members[2].ByteOffset);
        Assert.False(types.TryFind("mixed", BtfKind.Union, out _));
        Assert.False(types.TryFind("mix", BtfKind.Struct, out _));
        Assert.False(types.TryFind("ixed", BtfKind.Struct, out _));
    }

    [Fact]
    public void Members_are_found_through_unnamed_unions_and_along_dots()
    {
        int list = _writer.Structure(BtfKind.Struct, "list_head", 16, ("next", _long, 0, 0), ("prev", _long, 64, 0));
        int inner = _writer.Structure(BtfKind.Struct, "", 32, ("lru", list, 0, 0), ("mapping", _long, 128, 0));
        int union = _writer.Structure(BtfKind.Union, "", 40, ("", inner, 0, 0), ("pp_magic", _long, 0, 0));
        int alias = _writer.Alias(BtfKind.Typedef, "inner_t", inner);
        int page = _writer.Structure(
            BtfKind.Struct, "page", 64, ("flags", _long, 0, 0), ("", union, 64, 0), ("more", alias, 384, 0));
        Btf types = Types;
        BtfType found = types.TypeById(page);
        foreach ((string path, long bits) in ((string, long)[])[
            ("flags", 0), ("lru", 64), ("mapping", 192), ("pp_magic", 64), ("lru.prev", 128), ("more.mapping", 512),
            ("more.lru.prev", 448)])
        {
            Assert.True(types.TryFindMember(found, path, out BtfMember? member), path);
            Assert.Equal((path, bits), (path, member.BitOffset));
        }

        foreach (string path in (string[])["prev", "flags.x", "more.", ".flags", "lru.lru", "none"])
        {
            Assert.False(types.TryFindMember(found, path, out _), path);
        }
    }

    [Fact]
    public void Enumerators_are_found_with_their_signs_and_64_bits()
    {
        _ = _writer.Enum("pageflags", false, ("PG_locked", 0), ("PG_lru", 5), ("PG_high", -1));
        _ = _writer.Enum("", true, ("MINUS", -7));
        _ = _writer.Enum64("wide", ("WIDE", 0x1234_5678_9abc_def0));
        Btf types = Types;
        foreach ((string name, long value) in ((string, long)[])[
            ("PG_locked", 0), ("PG_lru", 5), ("PG_high", 0xffff_ffff), ("MINUS", -7), ("WIDE", 0x1234_5678_9abc_def0)])
        {
            Assert.True(types.TryFindEnumerator(name, out BtfEnumerator? found), name);
            Assert.Equal(new BtfEnumerator(name, value), found);
        }

        Assert.False(types.TryFindEnumerator("pageflags", out _));
        Assert.False(types.TryFindEnumerator("PG_", out _));
        Assert.True(types.TryFind("pageflags", BtfKind.Enum, out BtfType? flags));
        Assert.Equal(["PG_locked", "PG_lru", "PG_high"], flags.Enumerators.Select(value => value.Name));
    }

    [Fact]
    public void Sizes_go_through_typedefs_qualifiers_and_arrays()
    {
        int alias = _writer.Alias(BtfKind.Typedef, "counter_t", _writer.Alias(BtfKind.Const, "", _int));
        int row = _writer.Array(alias, _int, 6);
        int table = _writer.Alias(BtfKind.Volatile, "", _writer.Array(row, _int, 4));
        int pointer = _writer.Pointer(table);
        int function = _writer.Prototype(_int, ("file", pointer), ("", 0));
        Btf types = Types;
        foreach ((int id, ulong size) in ((int, ulong)[])[(alias, 4), (row, 24), (table, 96), (pointer, 8)])
        {
            Assert.True(types.TryGetSize(id, out ByteCount found));
            Assert.Equal(size, found.Value);
        }

        Assert.False(types.TryGetSize(function, out _));
        Assert.Equal(6, types.TypeById(row).ElementCount);
        Assert.Equal([new("file", pointer), new("", 0)], types.TypeById(function).Parameters);
        Assert.Equal(_int, types.TypeById(function).TargetId);
    }

    [Fact]
    public void A_module_builds_on_the_kernels_types_and_strings()
    {
        int list = _writer.Structure(BtfKind.Struct, "list_head", 16, ("next", _long, 0, 0));
        byte[] kernel = _writer.Write();
        Btf kernelTypes = Btf.Parse(kernel);
        uint strings = BitConverter.ToUInt32(kernel, 20);
        var module = new BtfWriter(kernelTypes.TypeCount, strings);
        int own = module.Structure(BtfKind.Struct, "mine", 24, ("list", list, 0, 0), ("count", _int, 128, 0));
        var types = Btf.Parse(module.Write().ToArray(), kernelTypes);
        Assert.Equal(kernelTypes.TypeCount, own);
        Assert.True(types.TryFind("mine", BtfKind.Struct, out BtfType? mine));
        Assert.True(types.TryFind("list_head", BtfKind.Struct, out _));
        Assert.True(types.TryFindMember(mine, "list.next", out _));
        Assert.Equal("int", types.TypeById(_int).Name);
        Assert.Equal("mine", types.TypeById(own).Name);
    }

    [Fact]
    public void Many_types_are_found_by_number_and_by_name()
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < 1000; i++)
        {
            ids[$"s{i}"] = _writer.Structure(
                BtfKind.Struct, $"s{i}", (uint)i, [.. Enumerable.Range(0, i % 5).Select(m => ($"m{m}", _int, (uint)m * 32, 0u))]);
        }

        Btf types = Types;
        foreach ((string name, int id) in ids)
        {
            Assert.Equal(name, types.TypeById(id).Name);
            Assert.True(types.TryFind(name, BtfKind.Struct, out BtfType? found));
            Assert.Equal(id, found.Id);
        }
    }

    [Fact]
    public void Layouts_answer_by_tag_or_typedef_and_not_of_odd_bit_fields()
    {
        int union = _writer.Structure(BtfKind.Union, "u", 8, ("a", _long, 0, 0));
        int mask = _writer.Structure(BtfKind.Struct, "", 128, ("bits", _long, 64, 0));
        _ = _writer.Alias(BtfKind.Typedef, "nodemask_t", mask);
        _ = _writer.Structure(BtfKind.Struct, "odd", 8, ("first", _int, 0, 5), ("second", _int, 5, 3), ("u", union, 64, 0));
        _ = _writer.Enum("e", false, ("VALUE", 3));
        var layouts = new BtfLayouts(Types);
        Assert.True(layouts.TryGetSize("nodemask_t", out int bytes));
        Assert.Equal(128, bytes);
        Assert.True(layouts.TryGetOffset("nodemask_t", "bits", out bytes));
        Assert.Equal(8, bytes);
        Assert.True(layouts.TryGetOffset("odd", "u.a", out bytes));
        Assert.Equal(8, bytes);
        Assert.True(layouts.TryGetOffset("odd", "first", out _));
        Assert.False(layouts.TryGetOffset("odd", "second", out _));
        Assert.False(layouts.TryGetOffset("none", "second", out _));
        Assert.False(layouts.TryGetSize("int", out _));
        Assert.True(layouts.TryGetEnumerator("VALUE", out long value));
        Assert.Equal(3, value);
        Assert.False(layouts.TryGetEnumerator("e", out _));
    }
}
