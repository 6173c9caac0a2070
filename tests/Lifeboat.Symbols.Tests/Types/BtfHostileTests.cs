using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Symbols.Tests.Types;

public sealed class BtfHostileTests
{
    private const int Rounds = 20_000;
    private const long MostAllocated = 2 << 20;

    private static readonly DumpLimits Limits = new() { MaxTypeBytes = 1 << 20, MaxMembersSearched = 10_000 };

    [Theory]
    [InlineData(0, 0xffffu)] // magic
    [InlineData(4, 23u)] // hdr_len
    [InlineData(4, 0xffff_fff0u)]
    [InlineData(8, 0xffff_fffcu)] // type_off
    [InlineData(8, 2u)]
    [InlineData(12, 0xffff_fffcu)] // type_len
    [InlineData(16, 0xffff_ffffu)] // str_off
    [InlineData(20, 0u)] // str_len
    [InlineData(20, 0xffff_ffffu)]
    public void Rejects_a_header_that_points_outside(int field, uint value)
    {
        byte[] file = Sample();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(field), value);
        DumpFormatException error = Assert.Throws<DumpFormatException>(() => Btf.Parse(file));
        Assert.Equal(SymbolsDiagnosticIds.DamagedTypes, error.Diagnostics[0].Id);
    }

    [Fact]
    public void Rejects_what_is_cut_off_anywhere()
    {
        byte[] file = Sample();
        for (int length = 0; length < file.Length; length++)
        {
            _ = Assert.Throws<DumpFormatException>(() => Btf.Parse(file.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Rejects_more_bytes_than_are_believed()
    {
        DumpFormatException error = Assert.Throws<DumpFormatException>(
            () => Btf.Parse(new byte[1000], limits: new DumpLimits { MaxTypeBytes = 999 }));
        Assert.Equal(SymbolsDiagnosticIds.BeyondLimit, error.Diagnostics[0].Id);
    }

    [Fact]
    public void A_circle_of_typedefs_has_no_meaning_and_an_end()
    {
        var writer = new BtfWriter();
        int first = writer.Alias(BtfKind.Typedef, "a", 2);
        _ = writer.Alias(BtfKind.Typedef, "b", 1);
        int array = writer.Array(3, 3, 2);
        Btf types = Btf.Parse(writer.Write());
        Assert.Null(types.Resolve(first));
        Assert.False(types.TryGetSize(first, out _));
        Assert.False(types.TryGetSize(array, out _));
        Assert.False(types.TryFindMember(types.TypeById(first), "x", out _));
    }

    [Fact]
    public void An_array_larger_than_any_memory_has_no_size()
    {
        var writer = new BtfWriter();
        int type = writer.Int("int", 4);
        for (int i = 0; i < 8; i++)
        {
            type = writer.Array(type, 1, uint.MaxValue);
        }

        Assert.False(Btf.Parse(writer.Write()).TryGetSize(type, out _));
    }

    [Fact]
    public void Unnamed_structures_within_themselves_are_searched_for_a_while_only()
    {
        var writer = new BtfWriter();
        int type = writer.Structure(
            BtfKind.Struct, "loop", 8, [.. Enumerable.Range(0, 1000).Select(_ => ("", 1, 0u, 0u))]);
        Btf types = Btf.Parse(writer.Write(), limits: Limits);
        Assert.False(types.TryFindMember(types.TypeById(type), "none", out _));
    }

    [Fact]
    public void Survives_damage_anywhere()
    {
        byte[] file = Sample();
        int opened = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            byte[] damaged = Damage.Bytes(file, seed, seed % 4 == 0 ? 0 : 24);
            long before = GC.GetAllocatedBytesForCurrentThread();
            opened += Use(damaged) ? 1 : 0;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        }

        Assert.InRange(opened, Rounds / 20, Rounds);
    }

    private static bool Use(byte[] file)
    {
        try
        {
            Btf types = Btf.Parse(file, limits: Limits);
            for (int id = 0; id < types.TypeCount; id++)
            {
                BtfType type = types.TypeById(id);
                _ = type.ToString();
                _ = types.Resolve(type.TargetId);
                _ = types.TryGetSize(id, out ByteCount _);
                _ = type.Members.Count + type.Enumerators.Count + type.Parameters.Count;
                _ = types.TryFindMember(type, "lru.prev", out _);
            }

            var layouts = new BtfLayouts(types);
            _ = layouts.TryGetOffset("page", "lru.next", out _);
            _ = layouts.TryGetSize("page_t", out _);
            _ = layouts.TryGetEnumerator("PG_lru", out _);
            return true;
        }
        catch (DumpFormatException e)
        {
            Assert.NotEmpty(e.Diagnostics);
            return false;
        }
    }

    private static byte[] Sample()
    {
        var writer = new BtfWriter();
        int number = writer.Int("int", 4);
        int pointer = writer.Pointer(6);
        int list = writer.Structure(BtfKind.Struct, "list_head", 16, ("next", pointer, 0, 0), ("prev", pointer, 64, 0));
        int union = writer.Structure(BtfKind.Union, "", 16, ("lru", list, 0, 0), ("order", number, 0, 0));
        int array = writer.Array(number, number, 7);
        int page = writer.Structure(
            BtfKind.Struct, "page", 64, ("flags", number, 0, 4), ("", union, 64, 0), ("data", array, 192, 0));
        int alias = writer.Alias(BtfKind.Typedef, "page_t", writer.Alias(BtfKind.Const, "", page));
        _ = writer.Enum("pageflags", true, ("PG_locked", 0), ("PG_lru", 4));
        _ = writer.Enum64("wide", ("WIDE", ulong.MaxValue));
        int function = writer.Function("get_page", writer.Prototype(alias, ("page", pointer), ("", 0)));
        _ = writer.Alias(BtfKind.TypeTag, "user", function);
        _ = writer.Section(".data..percpu", writer.Variable("current", pointer));
        return writer.Write();
    }
}
