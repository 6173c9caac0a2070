using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;
using static Lifeboat.Symbols.Tests.TestSupport.FakeKernel;
using static Lifeboat.Symbols.Tests.TestSupport.OrcWriter;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class OrcTableTests
{
    private const ulong Head = Data + 0x40;

    [Theory]
    [InlineData(OrcFormat.Linux414, 2, false)]
    [InlineData(OrcFormat.Linux512, 2, false)]
    [InlineData(OrcFormat.Linux63, 2, true)]
    [InlineData(OrcFormat.Linux64, 3, true)]
    [InlineData(OrcFormat.Linux71, 3, true)]
    public void The_format_is_told_by_types_or_by_the_table_alone(OrcFormat format, int typeBits, bool hasSignal)
    {
        foreach (bool hasTypes in (bool[])[true, false])
        {
            var kernel = new FakeKernel(format);
            if (format == OrcFormat.Linux512)
            {
                kernel.Symbol("hardirq_stack_inuse", Data);
            }

            _ = kernel.Function("asm_exc_page_fault", Entry(OrcKind.InterruptFrame, OrcRegister.Rsp, 8, isSignal: true));
            if (hasTypes)
            {
                kernel.Types = new BtfWriter();
                int number = kernel.Types.Int("unsigned int", 4, isSigned: false);
                _ = kernel.Types.Structure(BtfKind.Struct, "orc_entry", 6,
                    ("type", number, 40, (uint)typeBits), (hasSignal ? "signal" : "end", number, 43, 1));
            }

            OrcTable table = kernel.Open().Table;
            Assert.Equal((format, hasTypes), (table.Format, table.Evidence.Contains("BTF", StringComparison.Ordinal)));
            Assert.Equal(13, table.Count);
        }
    }

    [Theory]
    [InlineData(OrcFormat.Linux63, "db84aed4103b31dd51e017f8f79783ca985c2c51")]
    [InlineData(OrcFormat.Linux64, "fe5d32bf581bd63b2ca9a5c65ba5a625eab3fe24")]
    [InlineData(OrcFormat.Linux71, "137c36ad7627c4dd55932176bb0ecdbd5041fc82")]
    public void The_format_is_told_by_the_digest_unless_the_table_contradicts_it(OrcFormat format, string digest)
    {
        foreach (OrcFormat real in (OrcFormat[])[format, format == OrcFormat.Linux64 ? OrcFormat.Linux71 : OrcFormat.Linux64])
        {
            var kernel = new FakeKernel(real);
            kernel.Symbol("__start_orc_header", Data + 0x20);
            kernel.Bytes(Data + 0x20, Convert.FromHexString(digest));
            OrcTable table = kernel.Open().Table;
            Assert.Equal(real, table.Format);
            Assert.Equal(real == format, table.Evidence.Contains("digest", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_kernel_without_a_table_and_one_with_too_large_a_table_are_told()
    {
        DumpFormatException error = Assert.Throws<DumpFormatException>(() => new FakeKernel { HasNoTable = true }.Open());
        Assert.Equal(SymbolsDiagnosticIds.NoUnwindTable, error.Diagnostics[0].Id);
        error = Assert.Throws<DumpFormatException>(
            () => new FakeKernel { Limits = new DumpLimits { MaxUnwindEntries = 5 } }.Open());
        Assert.Equal(SymbolsDiagnosticIds.BeyondLimit, error.Diagnostics[0].Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_modules_code_is_unwound_by_the_modules_own_table(bool isOld)
    {
        FakeKernel kernel = WithModules(isOld, 3, out ulong inner, out ulong first);
        kernel.Words(Stack + 8, Module + 0x520, 0, 0, first + CallEnd);
        kernel = kernel.Open();
        Assert.Null(kernel.Table.ModuleDamage);
        Assert.Equal(["module0", "module1", "module2"], kernel.Table.Modules.Select(module => module.Name));
        var expected = new ModuleCode("module1", new(Module + 0x400), new(0x200), new(Module + 0x2400), new(0x100), 1);
        Assert.Equal(expected with { Section = kernel.Table.Modules[1].Section }, kernel.Table.Modules[1]);
        StackTrace trace = kernel.Unwinder.Unwind(Registers(inner, Stack), Stacks);
        Assert.Equal([inner, Module + 0x520, first + CallEnd], trace.Frames.Select(frame => frame.InstructionPointer.Value));
        Assert.Equal(StackEndReason.EndOfStack, trace.End.Reason);

        var namer = new FrameNamer(kernel.Symbols, kernel.Table);
        Assert.Equal($"0x{Module + 0x520:x} [module1]", namer.Name(trace.Frames[1]).ToString());
        var symbol = new KernelSymbol("do_it", 't', new(Module + 0x500), new(0x40));
        namer = new FrameNamer(kernel.Symbols, kernel.Table,
            address => address.Value - Module is >= 0x400 and < 0x600 ? new ModuleSymbol("module1", symbol) : null);
        Assert.Equal("do_it+0x20/0x40 [module1]", namer.Name(trace.Frames[1]).ToString());
        Assert.Equal("0x1234", namer.Name(new VirtualAddress(0x1234)).ToString());
    }

    [Fact]
    public void What_lies_behind_a_broken_link_is_found_from_the_other_end()
    {
        FakeKernel kernel = WithModules(false, 5, out _, out _);
        kernel.Words(Node(1), 0x41);
        kernel = kernel.Open();
        Assert.Equal(
            ["module0", "module1", "module2", "module3", "module4"],
            kernel.Table.Modules.Select(module => module.Name).Order(StringComparer.Ordinal));
        Assert.Contains("0x39 is not mapped", kernel.Table.ModuleDamage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_modules_that_goes_in_circles_or_on_and_on_is_left()
    {
        FakeKernel kernel = WithModules(false, 3, out _, out _);
        kernel.Words(Node(2), Node(0));
        OrcTable table = kernel.Open().Table;
        Assert.Equal(3, table.Modules.Count);
        Assert.NotNull(table.ModuleDamage);

        kernel = WithModules(false, 5, out _, out _);
        kernel.Limits = new DumpLimits { MaxModuleTables = 2 };
        table = kernel.Open().Table;
        Assert.Equal(2, table.Modules.Count);
        Assert.NotNull(table.ModuleDamage);
        Assert.NotNull(new FakeKernel().Open().Table.ModuleDamage);
    }

    private static ulong Node(int index) => Data + 0x400 + (0x100 * (ulong)index) + 8;

    /// <summary>Modules with 0x200 bytes of code each, every one of which has a caller 24 bytes up.</summary>
    private static FakeKernel WithModules(bool isOld, int count, out ulong inner, out ulong first)
    {
        var kernel = new FakeKernel { Types = TaskTypes.Write(isOldModule: isOld) };
        inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 16));
        first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Symbol("modules", Head);
        kernel.Words(Head, Node(0), Node(count - 1));
        for (int i = 0; i < count; i++)
        {
            ulong start = Node(i) - 8;
            ulong code = Module + (0x400 * (ulong)i);
            kernel.Words(Node(i), i + 1 < count ? Node(i + 1) : Head, i > 0 ? Node(i - 1) : Head);
            kernel.Bytes(start + 24, Encoding.ASCII.GetBytes($"module{i}"));
            kernel.Words(start + 0x60, code, isOld ? 0x200UL << 32 | 0x3f0 : 0, isOld ? 0UL : 0x200);
            kernel.Words(start + (isOld ? 0x80UL : 0xa0), code + 0x2000, isOld ? 0x100UL << 32 : 0, isOld ? 0UL : 0x100);
            kernel.Words(start + (isOld ? 0xa0UL : 0xd0), 1, Data + 0x1000 + (0x40 * (ulong)i), Data + 0x1020 + (0x40 * (ulong)i));
            kernel.Tables(Data + 0x1000 + (0x40 * (ulong)i), Data + 0x1020 + (0x40 * (ulong)i),
                new SortedDictionary<ulong, OrcEntry> { [code] = Entry(OrcKind.Call, OrcRegister.Rsp, 24) });
        }

        return kernel;
    }
}
