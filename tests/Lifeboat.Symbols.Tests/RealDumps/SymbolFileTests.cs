using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Files;
using Lifeboat.Symbols.Types;
using Lifeboat.TestSupport;

namespace Lifeboat.Symbols.Tests.RealDumps;

/// <summary>Symbols and types out of files, against those in the dump's memory.</summary>
public sealed class SymbolFileTests : IDisposable
{
    private const ulong KernelHalf = 1UL << 63;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_vmlinux_has_every_symbol_of_the_kernel_s_own_table_at_its_place_and_the_same_types()
    {
        using var kernel = RealKernel.OpenWithDebugInfo();
        using Vmlinux vmlinux = Vmlinux.Open(kernel.Vmlinux!, kernel.Dump.Vmcoreinfo);
        KernelSymbols symbols = vmlinux.ReadSymbols();
        for (int i = 0; i < kernel.Symbols.Count; i++)
        {
            Assert.True(kernel.Symbols.TryGet(i, out KernelSymbol? expected));
            Assert.Contains(symbols.FindAll(expected.Name), symbol => symbol.Address == expected.Address);
        }

        Btf ours = vmlinux.ReadTypes()!;
        Btf memory = Btf.Open(kernel.Space, kernel.Symbols);
        Assert.Equal(memory.TypeCount, ours.TypeCount);
        Assert.True(ours.TryFind("task_struct", BtfKind.Struct, out BtfType? type));
        Assert.True(memory.TryFind("task_struct", BtfKind.Struct, out BtfType? same));
        Assert.Equal(same.Members, type.Members);
    }

    [Fact]
    public void A_vmlinux_is_refused_for_dumps_of_other_kernels()
    {
        string vmlinux;
        using (var kernel = RealKernel.OpenWithDebugInfo())
        {
            vmlinux = kernel.Vmlinux!;
        }

        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            if (kernel.Vmlinux != vmlinux)
            {
                var error = Assert.Throws<DumpFormatException>(() => Vmlinux.Open(vmlinux, kernel.Dump.Vmcoreinfo));
                Assert.Equal(SymbolsDiagnosticIds.OtherKernel, error.Diagnostics[0].Id);
            }
        }
    }

    [Fact]
    public void A_System_map_gives_the_kernel_s_own_symbols_on_every_kernel()
    {
        foreach (RealKernel kernel in RealKernel.OpenAll())
        {
            ulong moved = kernel.Dump.Vmcoreinfo.KernelOffset.Value;
            var text = new StringBuilder();
            for (int i = 0; i < kernel.Symbols.Count; i++)
            {
                Assert.True(kernel.Symbols.TryGet(i, out KernelSymbol? symbol));
                bool isMoved = symbol.Address.Value >= KernelHalf && symbol.Type is not ('A' or 'a');
                text.Append(CultureInfo.InvariantCulture, $"{(isMoved ? symbol.Address.Value - moved : symbol.Address.Value):x16} {symbol.Type} {symbol.Name}\n");
            }

            KernelSymbols read = SystemMap.Read(_folder.Write("System.map", Encoding.Latin1.GetBytes(text.ToString())), kernel.Dump.Vmcoreinfo);
            Assert.Equal(kernel.Symbols.Count, read.Count);
            for (int i = 0; i < read.Count; i += 7)
            {
                Assert.True(kernel.Symbols.TryGet(i, out KernelSymbol? expected));
                Assert.True(read.TryFind(expected.Name, out KernelSymbol? first));
                Assert.True(kernel.Symbols.TryFind(expected.Name, out KernelSymbol? firstOfKernel));
                Assert.Equal(firstOfKernel, first);
                Assert.Equal(
                    (kernel.Symbols.TryFind(expected.Address, out KernelSymbol? one, out ByteCount offset), one, offset),
                    (read.TryFind(expected.Address, out KernelSymbol? other, out ByteCount same), other, same));
            }
        }
    }
}
