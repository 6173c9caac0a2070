using System.Globalization;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Unwinding;
using static Lifeboat.Symbols.Tests.TestSupport.FakeKernel;
using static Lifeboat.Symbols.Tests.TestSupport.OrcWriter;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class UnwindHostileTests
{
    private const ulong Task = Data;
    private const long MostAllocated = 8 << 20;

    private static readonly DumpLimits Limits = new()
    {
        MaxKernelSymbols = 10_000,
        MaxSymbolTableBytes = 1 << 18,
        MaxUnwindEntries = 1 << 16,
        MaxModuleTables = 64,
        MaxStackFrames = 512,
    };

    private static int Rounds { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("LIFEBOAT_TEST_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 10_000;

    [Theory]
    [InlineData(OrcFormat.Linux414)]
    [InlineData(OrcFormat.Linux64)]
    [InlineData(OrcFormat.Linux71)]
    public void Survives_damage_of_symbols_tables_tasks_and_stacks(OrcFormat format)
    {
        FakeKernel whole = Sample(format, out ulong start);
        byte[] image = whole.Image(out KallsymsWriter writer);
        (ulong From, ulong To)[] parts =
        [
            (ImageMemory.Start + 0x1000, ImageMemory.Start + 0x2400), (ImageMemory.Start + 0x6000, ImageMemory.Start + 0x6080),
            (ImageMemory.Start + 0x7000, ImageMemory.Start + 0x70c0), (Text, Data), (Task, Task + 0x900),
            (Stack, Stack + 0x200), (Stack, Stack + StackSize), (OtherStack, OtherStack + 0x200), (ThirdStack, ThirdStack + 0x200),
        ];
        int whatStood = 0;
        for (int seed = 0; seed < Rounds / 3; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = (byte[])image.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                (ulong from, ulong to) = parts[random.Next(parts.Length)];
                int place = (int)(from - ImageMemory.Start);
                int length = (int)(to - from);
                Damage.Bytes(image[place..(place + length)], seed + i, 0).CopyTo(damaged, place);
            }

            ImageMemory memory = writer.ToMemory(damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                FakeKernel kernel = Sample(format, out _);
                kernel.Limits = Limits;
                _ = kernel.Open(memory);
                for (int i = random.Next(3) - 1; i > 0; i--)
                {
                    _ = memory.UnreadablePages.Add((ulong)random.Next(24));
                }

                whatStood += Use(kernel, start, random) ? 1 : 0;
            }
            catch (DumpFormatException e)
            {
                Assert.NotEmpty(e.Diagnostics);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{format}, seed {seed}: {e.Message}", e);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        }

        Assert.InRange(whatStood, Rounds / 30, Rounds);
    }

    private static bool Use(FakeKernel kernel, ulong start, Random random)
    {
        var finder = new KernelStackFinder(kernel.Memory.Space, kernel.Symbols, kernel.Btf);
        var task = new VirtualAddress(Task);
        KernelStacks found = new KernelStacks(finder.OfCpu(random.Next(3))).With(finder.OfTask(task));
        ulong anyIp = Text + (ulong)random.Next(0x700);
        ulong anySp = Stack + (ulong)random.Next(StackSize);
        StackTrace first = Check(kernel, kernel.Unwinder.Unwind(Registers(start, ThirdStack + 0x100), Stacks, task));
        _ = Check(kernel, kernel.Unwinder.Unwind(Registers(start, ThirdStack + 0x100), KernelStacks.None, task));
        _ = Check(kernel, kernel.Unwinder.Unwind(Registers(anyIp, anySp, (X64Register.Rbp, anySp + 64)), Stacks, task));
        _ = Check(kernel, kernel.Unwinder.Unwind(
            Registers((ulong)random.NextInt64(), (ulong)random.NextInt64() << 1, (X64Register.Rbp, anySp)), found, task));
        _ = Check(kernel, kernel.Unwinder.UnwindBlocked(task, found));
        return first.End.Reason == StackEndReason.UserMode;
    }

    private static StackTrace Check(FakeKernel kernel, StackTrace trace)
    {
        var namer = new FrameNamer(kernel.Symbols, kernel.Table);
        Assert.InRange(trace.Frames.Count, 0, Limits.MaxStackFrames);
        Assert.NotEmpty(trace.End.Text);
        Assert.Equal(trace.End.Reason == StackEndReason.UserMode, trace.UserRegisters is not null);
        foreach (StackFrame frame in trace.Frames)
        {
            Assert.NotEmpty(namer.Name(frame).ToString());
        }

        return trace;
    }

    /// <summary>A task that was interrupted by soft interrupts and an NMI, with trampolines, and the same task as blocked.</summary>
    private static FakeKernel Sample(OrcFormat format, out ulong start)
    {
        var kernel = new FakeKernel(format) { Types = TaskTypes.Write() };
        start = kernel.Function("handler", Entry(OrcKind.Call, OrcRegister.Rsp, 16, OrcRegister.PreviousStackPointer, -16));
        ulong nmi = kernel.Function("asm_exc_nmi", Entry(OrcKind.Registers, OrcRegister.Rsp, 0, isSignal: true));
        ulong soft = kernel.Function("softirq", Entry(OrcKind.Call, OrcRegister.Rbp, 16, OrcRegister.PreviousStackPointer, -16));
        ulong call = kernel.Function("system_call", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong irq = kernel.Function("asm_interrupt", Entry(OrcKind.Registers, OrcRegister.Rsp, 0, isSignal: true));
        ulong entry = kernel.Function("entry", Entry(OrcKind.Registers, OrcRegister.Rsp, 8, isSignal: true));
        ulong handler = kernel.Function("return_to_handler");
        ulong left = kernel.Function("left_out");
        ulong caller = kernel.Function("caller", Entry(OrcKind.Call, OrcRegister.Rsp, 8), callee: left);
        ulong top = Stack + StackSize - 168;
        ulong code = Module + 0x400;
        kernel.Words(ThirdStack + 0x108, nmi + CallEnd);
        kernel.Words(ThirdStack + 0x110, PtRegs(soft + 4, OtherStack + 0x100, 0x10, (X64Register.Rbp, OtherStack + 0x110)));
        kernel.Words(OtherStack + 0x110, Stack + 0x140, irq + CallEnd);
        kernel.Words(OtherStack + 0x120, PtRegs(left, Stack + 0x100));
        kernel.Words(Stack + 0x120, caller + CallEnd, handler, code + 8);
        kernel.Words(Stack + 0x140, call + CallEnd, entry + CallEnd);
        kernel.Words(Stack + 0x158, PtRegs(0x401000, 0x7fff_0000, 0x33));
        kernel.Words(top, PtRegs(0x401000, 0x7fff_0000, 0x33));
        kernel.Words(Task + TaskTypes.TaskStack, Stack);
        kernel.Words(Task + TaskTypes.TaskSp, Stack + 0xe8);
        kernel.Words(Task + TaskTypes.ShadowStack, Data + 0x800);
        kernel.Words(Data + 0x800, call + CallEnd, 0, 0, Stack + 0x128);
        kernel.Symbol("modules", Data + 0x200);
        kernel.Words(Data + 0x200, Data + 0x308, Data + 0x308);
        kernel.Words(Data + 0x308, Data + 0x200, Data + 0x200);
        kernel.Words(Data + 0x360, code, 0, 0x200);
        kernel.Words(Data + 0x3d0, 1, Data + 0x500, Data + 0x520);
        kernel.Tables(Data + 0x500, Data + 0x520, new SortedDictionary<ulong, OrcEntry> { [code] = Entry(OrcKind.Call, OrcRegister.Rsp, 8) });
        kernel.Symbol("__per_cpu_offset", Data + 0x600);
        kernel.Symbol("hardirq_stack_ptr", 0x40);
        kernel.Symbol("cea_exception_stacks", 0x48);
        kernel.Words(Data + 0x600, Data + 0x640);
        kernel.Words(Data + 0x680, OtherStack + 0x1ff8, ThirdStack - 0x4000);
        return kernel;
    }
}
