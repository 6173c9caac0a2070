using System.Globalization;
using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Kallsyms;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests.RealDumps;

public sealed class SymbolOracleTests
{
    private const string Nm = "/usr/bin/nm";
    private const int Stride = 5; // of symbols that are looked up in every way
    private const ulong KernelHalf = 1UL << 63;

    [Fact]
    public void Every_symbol_is_where_nm_says_moved_by_kaslr()
    {
        Tools.Require(Nm);
        using var kernel = RealKernel.OpenWithDebugInfo();
        ulong moved = kernel.Dump.Vmcoreinfo.KernelOffset.Value;
        var expected = new Dictionary<string, List<ulong>>(StringComparer.Ordinal);
        foreach (string line in Tools.Run(Nm, kernel.Vmlinux!).Split('\n'))
        {
            if (line.Length > 19 && ulong.TryParse(
                line.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address))
            {
                List<ulong> places = expected.GetValueOrDefault(line[19..]) ?? (expected[line[19..]] = []);
                places.Add(address >= KernelHalf ? address + moved : address);
            }
        }

        Assert.InRange(kernel.Symbols.Count, 50_000, 300_000);
        for (int i = 0; i < kernel.Symbols.Count; i++)
        {
            Assert.True(kernel.Symbols.TryGet(i, out KernelSymbol? symbol), $"symbol {i}: {kernel.Symbols.Fault}");
            Assert.True(expected.TryGetValue(symbol.Name, out List<ulong>? places), symbol.Name);
            Assert.Contains(symbol.Address.Value, places);
            Assert.True(char.IsAsciiLetter(symbol.Type), symbol.Name);
        }
    }

    [Fact]
    public void Symbols_are_found_by_name_and_by_address()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            KernelSymbols symbols = kernel.Symbols;
            KernelSymbol? last = null;
            for (int i = 0; i < symbols.Count; i++)
            {
                Assert.True(symbols.TryGet(i, out KernelSymbol? symbol));
                Assert.True(last is null || last.Address.Value <= symbol.Address.Value, $"{last} and {symbol}");
                last = symbol;
                if (i % Stride != 0)
                {
                    continue;
                }

                Assert.Contains(symbol, symbols.FindAll(symbol.Name));
                Assert.True(symbols.TryFindAddress(symbol.Name, out VirtualAddress first));
                Assert.True(first.Value <= symbol.Address.Value);
                if (symbol.Address.Value < KernelHalf)
                {
                    Assert.False(symbols.TryFind(symbol.Address, out _, out _));
                    continue;
                }

                Assert.True(symbols.TryFind(symbol.Address, out KernelSymbol? found, out ByteCount offset));
                Assert.Equal((symbol.Address, 0UL), (found.Address, offset.Value));
                if (symbol.Size.Value > 1)
                {
                    VirtualAddress end = symbol.Address + symbol.Size - new ByteCount(1);
                    Assert.True(symbols.TryFind(end, out found, out offset));
                    Assert.Equal((symbol.Address, symbol.Size.Value - 1), (found.Address, offset.Value));
                }
            }

            Assert.False(symbols.TryFind("no_such_symbol", out _));
        }
    }

    [Fact]
    public void What_vmcoreinfo_names_is_where_kallsyms_says()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            foreach (string name in (string[])["init_uts_ns", "_stext", "node_states", "prb", "clear_seq"])
            {
                if (kernel.Dump.Vmcoreinfo.TryGetSymbol(name, out VirtualAddress expected))
                {
                    Assert.True(kernel.Symbols.TryFindAddress(name, out VirtualAddress found), name);
                    Assert.Equal(expected, found);
                }
            }
        }
    }

    [Fact]
    public void A_search_of_the_image_finds_the_tables_that_vmcoreinfo_names()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            Vmcoreinfo info = kernel.Dump.Vmcoreinfo;
            KallsymsTables? found = KallsymsSearch.Find(kernel.Space, info, DumpLimits.Default);

            // Kernels before 6.0 name none: the search is what opened the symbols already.
            Assert.Equal(KallsymsTables.Find(kernel.Space, info, DumpLimits.Default), found);
        }
    }
}
