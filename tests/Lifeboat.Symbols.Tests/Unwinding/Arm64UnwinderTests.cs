using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests.Unwinding;

/// <summary>Stacks of arm64, built record by record.</summary>
public sealed class Arm64UnwinderTests
{
    private const ulong Code = 0xffff_c15b_d1c1_0000;
    private const ulong Stack = 0xffff_8000_0801_0000;
    private const ulong InterruptStack = 0xffff_8000_0802_0000;
    private const ulong Task = 0xffff_0000_0010_0000;
    private const ulong Signature = 0x007b_0000_0000_0000;
    private const ulong PhysicalStart = 0x4100_0000;
    private const int RecordInRegisters = 304;
    private const int SavedFrame = 0x110;
    private const ulong Kernel = 5;

    private readonly FakeArm64Kernel _kernel = new(12, 48, 48);

    public Arm64UnwinderTests()
    {
        ulong physical = PhysicalStart;
        foreach (ulong start in (ulong[])[Stack, InterruptStack, Task])
        {
            for (ulong page = 0; page < 4; page++, physical += 4096)
            {
                _kernel.Map(start + (page * 4096), physical, 12);
            }
        }

        _kernel.Info["NUMBER(KERNELPACMASK)"] = "0xff7f000000000000";
    }

    [Fact]
    public void Records_lead_over_the_interrupt_stack_and_an_exception_up_to_user_mode()
    {
        // user mode <- system_call <- (interrupted) sleeper <- el1h_64_irq <- handler, which runs on the interrupt stack
        Registers(Stack + 0x3e00, pc: 0x401000, state: 0);
        Record(Stack + 0x3e00 + RecordInRegisters, 0, 0);
        Record(Stack + 0x3d00, Stack + 0x3e00 + RecordInRegisters, Code + 0x100);
        Registers(Stack + 0x3000, pc: Code + 0x200, state: Kernel, fp: Stack + 0x3d00, sp: Stack + 0x3cc0);
        Record(Stack + 0x3000 + RecordInRegisters, Stack + 0x3d00, Code + 0x200);
        Record(Stack + 0x2f00, Stack + 0x3000 + RecordInRegisters, Code + 0x300);
        Record(InterruptStack + 0x3ff0, Stack + 0x2f00, Code + 0x400);
        var stacks = new KernelStacks(
        [
            new KernelStack("task", KernelStackKind.Task, new(Stack), new(0x4000)),
            new KernelStack("IRQ of CPU 0", KernelStackKind.Interrupt, new(InterruptStack), new(0x4000)),
        ]);
        var registers = new Arm64Registers(new(Code + 0x500), new(InterruptStack + 0x3f00), new(InterruptStack + 0x3ff0), Kernel);
        StackTrace trace = Unwinder().Unwind(registers, stacks);
        Assert.Equal(StackEndReason.UserMode, trace.End.Reason);
        Assert.Equal(
            [Code + 0x500, Code + 0x400, Code + 0x300, Code + 0x200, Code + 0x100],
            trace.Frames.Select(static frame => frame.InstructionPointer.Value));
        Assert.Equal([true, false, false, true, false], trace.Frames.Select(static frame => frame.IsInterrupted));
        Assert.Equal(Code + 0x200, trace.Frames[3].LookupAddress.Value);
        Assert.Equal(Code + 0xff, trace.Frames[4].LookupAddress.Value);
        Assert.Equal("IRQ of CPU 0", trace.Frames[0].Stack?.Name);
        Assert.Equal("task", trace.Frames[2].Stack?.Name);
    }

    [Fact]
    public void A_task_that_waits_goes_on_where_it_was_switched_away()
    {
        Word(Task + SavedFrame, Stack + 0x3f00);
        Word(Task + SavedFrame + 8, Stack + 0x3e80);
        Word(Task + SavedFrame + 16, Code + 0x10);
        Record(Stack + 0x3f00, Stack + 0x3f40, (Code + 0x20) ^ Signature);
        Record(Stack + 0x3f40, Stack + 0x3fe0, Code + 0x30);
        Record(Stack + 0x3fe0, 0, 0);
        StackTrace trace = Unwinder().UnwindBlocked(new VirtualAddress(Task), KernelStacks.None);
        Assert.Equal([Code + 0x10, Code + 0x20, Code + 0x30], trace.Frames.Select(static frame => frame.InstructionPointer.Value));
        Assert.Equal(StackEndReason.EndOfStack, trace.End.Reason);
        Assert.True(trace.End.IsWhole);
    }

    [Fact]
    public void From_6_13_on_a_record_of_zeros_says_what_it_means()
    {
        Registers(Stack + 0x3000, pc: Code + 0x200, state: Kernel, fp: Stack + 0x3d00, sp: Stack + 0x3cc0);
        Record(Stack + 0x3000 + RecordInRegisters, 0, 0, 2);
        Record(Stack + 0x3d00, Stack + 0x3e00, Code + 0x100);
        Record(Stack + 0x3e00, 0, 0, 1);
        var registers = new Arm64Registers(new(Code), new(Stack + 0x2f00), new(Stack + 0x3000 + RecordInRegisters), Kernel);
        StackTrace trace = Unwinder(hasMeanings: true).Unwind(registers, KernelStacks.None);
        Assert.Equal([Code, Code + 0x200, Code + 0x100], trace.Frames.Select(static frame => frame.InstructionPointer.Value));
        Assert.True(trace.Frames[1].IsInterrupted);
        Assert.Equal(StackEndReason.EndOfStack, trace.End.Reason);
    }

    [Theory]
    [InlineData(Stack + 0x3001, StackEndReason.Damaged)]
    [InlineData(0x7fff_0000UL, StackEndReason.Damaged)]
    [InlineData(0UL, StackEndReason.Damaged)]
    [InlineData(Stack + 0x9000, StackEndReason.Unreadable)]
    [InlineData(Stack + 0x2f00, StackEndReason.Loop)]
    public void A_record_that_leads_nowhere_ends_the_stack_with_a_reason(ulong next, StackEndReason reason)
    {
        Record(Stack + 0x2f00, next, Code + 0x100);
        StackTrace trace = Unwinder().Unwind(new(new(Code), new(Stack + 0x2e00), new(Stack + 0x2f00), Kernel), KernelStacks.None);
        Assert.Equal(2, trace.Frames.Count);
        Assert.Equal(reason, trace.End.Reason);
        Assert.NotEmpty(trace.End.Text);
    }

    [Fact]
    public void A_CPU_in_user_mode_has_no_frames()
    {
        StackTrace trace = Unwinder().Unwind(new(new(0x401000), new(0x7fff_0000), new(0x7fff_0010), 0), KernelStacks.None);
        Assert.Empty(trace.Frames);
        Assert.Equal(StackEndReason.UserMode, trace.End.Reason);
    }

    [Fact]
    public void Whatever_stacks_hold_every_unwinding_ends()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            for (int i = 0; i < 64; i++)
            {
                ulong target = Stack + (ulong)random.Next(0x4010);
                Word(Stack + (ulong)(random.Next(0x800) * 8), random.Next(4) == 0 ? (ulong)random.NextInt64() : target & ~7UL);
            }

            var registers = new Arm64Registers(new(Code), new(Stack), new(Stack + (ulong)(random.Next(0x800) * 8)), Kernel);
            StackTrace trace = Unwinder(seed % 2 == 0).Unwind(registers, KernelStacks.None);
            Assert.InRange(trace.Frames.Count, 1, 4096);
            Assert.NotEmpty(trace.End.Text);
        }
    }

    [Fact]
    public void Registers_come_out_of_a_note()
    {
        byte[] note = new byte[392];
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(112 + (29 * 8)), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(112 + (31 * 8)), 2);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(112 + (32 * 8)), 3);
        BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(112 + (33 * 8)), 4);
        Assert.Equal(new Arm64Registers(new(3), new(2), new(1), 4), Arm64Registers.FromProcessStatus(note));
        Assert.Null(Arm64Registers.FromProcessStatus(note.AsSpan(0, 383)));
    }

    private static Btf Types(bool hasMeanings)
    {
        var writer = new BtfWriter();
        int number = writer.Int("unsigned long", 8, isSigned: false);
        int context = writer.Structure(BtfKind.Struct, "cpu_context", 104, ("fp", number, 80 * 8, 0), ("sp", number, 88 * 8, 0), ("pc", number, 96 * 8, 0));
        int thread = writer.Structure(BtfKind.Struct, "thread_struct", 104, ("cpu_context", context, 0, 0));
        _ = writer.Structure(BtfKind.Struct, "task_struct", 0x400, ("thread", thread, (SavedFrame - 80) * 8, 0));
        _ = writer.Structure(BtfKind.Struct, "pt_regs", 336, ("stackframe", number, RecordInRegisters * 8, 0));
        if (hasMeanings)
        {
            _ = writer.Structure(BtfKind.Struct, "frame_record_meta", 24, ("type", number, 128, 0));
        }

        return Btf.Parse(writer.Write());
    }

    private Arm64Unwinder Unwinder(bool hasMeanings = false) => new(
        AddressSpace.OpenKernel(_kernel.Memory, _kernel.Vmcoreinfo), _kernel.Vmcoreinfo, KernelSymbols.None, Types(hasMeanings));

    private void Record(ulong place, ulong next, ulong returns, ulong meaning = 0)
    {
        Word(place, next);
        Word(place + 8, returns);
        if (meaning != 0)
        {
            Word(place + 16, meaning);
        }
    }

    private void Registers(ulong place, ulong pc, ulong state, ulong fp = 0, ulong sp = 0)
    {
        Word(place + (29 * 8), fp);
        Word(place + (31 * 8), sp);
        Word(place + (32 * 8), pc);
        Word(place + (33 * 8), state);
    }

    private void Word(ulong address, ulong value)
    {
        ulong physical = address switch
        {
            >= InterruptStack and < InterruptStack + 0x4000 => address - InterruptStack + PhysicalStart + 0x4000,
            >= Stack and < Stack + 0x4000 => address - Stack + PhysicalStart,
            _ => address - Task + PhysicalStart + 0x8000,
        };
        _kernel.Memory.WriteLong(physical, value);
    }
}
