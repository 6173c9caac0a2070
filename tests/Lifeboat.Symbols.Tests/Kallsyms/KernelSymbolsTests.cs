using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Kallsyms;
using Lifeboat.Symbols.Tests.TestSupport;
using static Lifeboat.Symbols.Tests.TestSupport.KallsymsWriter;

namespace Lifeboat.Symbols.Tests.Kallsyms;

public sealed class KernelSymbolsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_written_is_read_back_by_place_by_name_and_by_address(int form)
    {
        Prop.ForAll(Symbols((Form)form, 300).ToArbitrary(), symbols =>
        {
            var writer = new KallsymsWriter();
            ImageMemory memory = writer.ToMemory(writer.Write(symbols, (Form)form));
            var table = KernelSymbols.Open(memory.Space, memory.Vmcoreinfo);
            Assert.Equal(symbols.Count, table.Count);
            for (int i = 0; i < symbols.Count; i++)
            {
                (string name, char type, ulong address) = symbols[i];
                Assert.True(table.TryGet(i, out KernelSymbol? symbol));
                Assert.Equal((name, type, address), (symbol.Name, symbol.Type, symbol.Address.Value));
                var same = symbols.Where(other => other.Name == name).ToList();
                Assert.Equal(same.Select(other => other.Address), table.FindAll(name).Select(other => other.Address.Value));
                Assert.True(table.TryFind(name, out symbol));
                Assert.Equal(same[0].Address, symbol.Address.Value);
                Assert.False(table.TryFind(name + "$", out _));
                CheckAddress(table, symbols, address);
                CheckAddress(table, symbols, address + 1);
                CheckAddress(table, symbols, address - 1);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_first_lookups_by_name_answer_as_the_index_does()
    {
        var writer = new KallsymsWriter();
        IReadOnlyList<(string Name, char Type, ulong Address)> symbols = Many(1000);
        ImageMemory memory = writer.ToMemory(writer.Write(symbols, Form.Relative));
        for (int i = 0; i < symbols.Count; i += 37)
        {
            var table = KernelSymbols.Open(memory.Space, memory.Vmcoreinfo);
            for (int round = 0; round < 8; round++)
            {
                Assert.True(table.TryFindAddress(symbols[i].Name, out VirtualAddress found));
                Assert.Equal(symbols[i].Address, found.Value);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_tables_are_found_without_keys_in_either_order(bool isNewOrder)
    {
        foreach (Form form in Enum.GetValues<Form>().Where(form => form != Form.PlaceRelative || isNewOrder))
        {
            var writer = new KallsymsWriter();
            ImageMemory memory = writer.ToMemory(writer.Write(Many(1000), form, isNewOrder));
            KallsymsTables named = KallsymsTables.Find(memory.Space, memory.Vmcoreinfo, DumpLimits.Default);
            foreach (string key in memory.Info.Keys.Where(key => key.Contains("kallsyms", StringComparison.Ordinal)))
            {
                _ = memory.Info.Remove(key);
            }

            Assert.Equal(named, KallsymsTables.Find(memory.Space, memory.Vmcoreinfo, DumpLimits.Default));
        }
    }

    [Fact]
    public void A_kernel_without_tables_says_so()
    {
        var memory = new ImageMemory(new byte[1 << 16]);
        DumpFormatException error = Assert.Throws<DumpFormatException>(
            () => KernelSymbols.Open(memory.Space, memory.Vmcoreinfo));
        Assert.Equal(SymbolsDiagnosticIds.NoSymbols, error.Diagnostics[0].Id);
    }

    [Fact]
    public void A_missing_page_of_names_costs_the_names_after_it_and_no_address()
    {
        var writer = new KallsymsWriter();
        IReadOnlyList<(string Name, char Type, ulong Address)> symbols = Many(1000);
        ImageMemory memory = writer.ToMemory(writer.Write(symbols, Form.Relative));
        _ = memory.UnreadablePages.Add(((writer.Places["kallsyms_names"] - ImageMemory.Start) / 4096) + 1);
        var table = KernelSymbols.Open(memory.Space, memory.Vmcoreinfo);
        Assert.True(table.TryGet(0, out _));
        Assert.False(table.TryGet(999, out _));
        Assert.Equal(MemoryFaultReason.Excluded, table.Fault.Reason);
        Assert.True(table.TryGetAddress(999, out VirtualAddress address));
        Assert.Equal(symbols[999].Address, address.Value);
        Assert.False(table.TryFind(symbols[999].Name, out _));
        Assert.Equal(MemoryFaultReason.Excluded, table.Fault.Reason);
    }

    [Fact]
    public void A_user_address_and_one_beyond_the_last_symbol_are_in_none()
    {
        var writer = new KallsymsWriter();
        ImageMemory memory = writer.ToMemory(writer.Write(Many(600), Form.PerCpuAbsolute));
        var table = KernelSymbols.Open(memory.Space, memory.Vmcoreinfo);
        Assert.False(table.TryFind(new VirtualAddress(0x1000), out _, out _));
        Assert.False(table.TryFind(new VirtualAddress(Base - 1), out _, out _));
        Assert.False(table.TryFind(new VirtualAddress(ulong.MaxValue), out _, out _));
    }

    internal static IReadOnlyList<(string Name, char Type, ulong Address)> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => ($"task_{i}_init{(i % 7 == 0 ? "_lock" : "")}", 'T', Base + ((ulong)i * 48)))];

    private static void CheckAddress(
        KernelSymbols table, IReadOnlyList<(string Name, char Type, ulong Address)> symbols, ulong address)
    {
        var below = symbols.Where(symbol => symbol.Address <= address && symbol.Address >= Base).ToList();
        bool isExpected = address >= Base && below.Count > 0
            && (address == symbols[^1].Address || address < symbols[^1].Address);
        Assert.Equal(isExpected, table.TryFind(new VirtualAddress(address), out KernelSymbol? found, out ByteCount offset));
        if (isExpected)
        {
            (string name, _, ulong start) = below.First(symbol => symbol.Address == below[^1].Address);
            Assert.Equal((name, start, address - start), (found!.Name, found.Address.Value, offset.Value));
        }
    }

    private static Gen<IReadOnlyList<(string Name, char Type, ulong Address)>> Symbols(Form form, int most) =>
        from count in Gen.Choose(1, most)
        from seed in Gen.Choose(0, int.MaxValue)
        select (IReadOnlyList<(string Name, char Type, ulong Address)>)Make(form, count, seed);

    private static List<(string Name, char Type, ulong Address)> Make(Form form, int count, int seed)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz_.0123456789ABCDEFinitlocktask";
        var random = new Random(seed);
        var symbols = new List<(string Name, char Type, ulong Address)>();
        ulong address = form == Form.PerCpuAbsolute ? 0 : Base;
        for (int i = 0; i < count; i++)
        {
            // Per-CPU variables are the fewer.
            if (form == Form.PerCpuAbsolute && i == count / 4)
            {
                address = Base;
            }

            int length = random.Next(40) == 0 ? random.Next(100, 400) : random.Next(1, 12);
            string name = string.Concat(Enumerable.Range(0, length).Select(_ => Letters[random.Next(Letters.Length)]));
            symbols.Add((random.Next(3) == 0 && i > 0 ? symbols[^1].Name : name, "TtDdRrBbAW"[random.Next(10)], address));
            address += (ulong)random.Next(0, 100);
        }

        return symbols;
    }
}
