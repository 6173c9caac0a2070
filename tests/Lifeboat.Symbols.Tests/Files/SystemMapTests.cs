using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Files;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;

namespace Lifeboat.Symbols.Tests.Files;

public sealed class SystemMapTests : IDisposable
{
    private const string Map =
        """
        0000000000000000 D __per_cpu_start
        0000000000000000 A fixed_percpu_data
        0000000000020340 D runqueues
        ffffffff81000000 T _stext
        ffffffff81000010 t helper
        ffffffff81000010 T alias_of_helper
        ffffffff81000100 T schedule
        ffffffff82000000 D init_uts_ns
        ffffffff83000000 A VDSO_CONSTANT
        """;

    private static readonly Vmcoreinfo Info = Vmcoreinfo.Parse(
        "OSRELEASE=6.1.0-fake\nKERNELOFFSET=f000000\nSYMBOL(_stext)=ffffffff90000000\nSYMBOL(init_uts_ns)=ffffffff91000000\n"u8);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Symbols_are_moved_as_the_kernel_was_but_absolute_ones_and_those_of_CPUs()
    {
        KernelSymbols symbols = Read(Map);
        Assert.Equal(9, symbols.Count);
        Assert.True(symbols.TryFind("schedule", out KernelSymbol? schedule));
        Assert.Equal(0xffff_ffff_9000_0100UL, schedule.Address.Value);
        Assert.Equal('T', schedule.Type);
        Assert.True(symbols.TryFindAddress("runqueues", out VirtualAddress queues));
        Assert.Equal(0x20340UL, queues.Value);
        Assert.True(symbols.TryFindAddress("VDSO_CONSTANT", out VirtualAddress constant));
        Assert.Equal(0xffff_ffff_8300_0000UL, constant.Value);
        Assert.True(symbols.TryFind(new VirtualAddress(0xffff_ffff_9000_0013), out KernelSymbol? helper, out ByteCount offset));
        Assert.Equal(("helper", 3UL, 0xf0UL), (helper.Name, offset.Value, helper.Size.Value));
        Assert.False(symbols.TryFind(new VirtualAddress(0x20350), out _, out _));
        Assert.False(symbols.TryFind("nothing", out _));
        Assert.Single(symbols.FindAll("alias_of_helper"));
    }

    [Fact]
    public void The_map_of_another_kernel_is_refused_with_both_addresses()
    {
        Diagnostic wrong = Refused(Map.Replace("ffffffff82000000", "ffffffff82000040", StringComparison.Ordinal));
        Assert.Equal(SymbolsDiagnosticIds.OtherKernel, wrong.Id);
        Assert.Contains("init_uts_ns", wrong.Where, StringComparison.Ordinal);
        Assert.Contains("ffffffff91000040", wrong.Found, StringComparison.Ordinal);
        Assert.Contains("ffffffff91000000", wrong.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stand_in_that_a_distribution_ships_is_refused() => Assert.Equal(
        SymbolsDiagnosticIds.OtherKernel,
        Refused("ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package\n").Id);

    [Theory]
    [InlineData("hello\n")]
    [InlineData("ffffffff81000000\n")]
    [InlineData("ffffffff81000000 T\n")]
    [InlineData("ffffffff81000000 T \n")]
    [InlineData("fffffffffffffffff T name\n")]
    [InlineData("xyz T name\n")]
    public void A_line_that_is_no_symbol_is_told_with_its_number(string line)
    {
        Diagnostic wrong = Refused("ffffffff81000000 T _stext\n" + line);
        Assert.Equal(SymbolsDiagnosticIds.DamagedFile, wrong.Id);
        Assert.StartsWith("line 2 of ", wrong.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void More_symbols_than_are_believed_are_refused()
    {
        var error = Assert.Throws<DumpFormatException>(
            () => SystemMap.Read(Write(Map), Info, new DumpLimits { MaxKernelSymbols = 8 }));
        Assert.Equal(SymbolsDiagnosticIds.DamagedFile, error.Diagnostics[0].Id);
    }

    [Fact]
    public void Whatever_bytes_it_has_it_is_read_or_refused()
    {
        byte[] map = Encoding.ASCII.GetBytes(Map);
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = [.. map];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            string path = _folder.Write("damaged", bytes);
            try
            {
                Assert.InRange(SystemMap.Read(path, Info).Count, 1, 20);
            }
            catch (DumpFormatException e)
            {
                Assert.NotEmpty(e.Diagnostics);
            }
        }
    }

    private KernelSymbols Read(string text) => SystemMap.Read(Write(text), Info);

    private Diagnostic Refused(string text) => Assert.Throws<DumpFormatException>(() => Read(text)).Diagnostics[0];

    private string Write(string text) => _folder.Write("System.map", Encoding.ASCII.GetBytes(text));
}
