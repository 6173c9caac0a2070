using Lifeboat.Core;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Unwinding;
using static Lifeboat.Symbols.Tests.TestSupport.FakeKernel;
using static Lifeboat.Symbols.Tests.TestSupport.OrcWriter;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class StackUnwinderTests
{
    public static TheoryData<OrcFormat> Formats =>
        [OrcFormat.Linux414, OrcFormat.Linux512, OrcFormat.Linux64, OrcFormat.Linux71];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Calls_lead_to_the_end_of_the_stack(OrcFormat format)
    {
        var kernel = new FakeKernel(format);
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 24));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 16));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack + 16, outer + CallEnd, 0, first + CallEnd);
        StackTrace trace = Unwind(kernel, Registers(inner + 8, Stack));
        Check(trace, StackEndReason.EndOfStack, (inner + 8, Stack), (outer + CallEnd, Stack + 24), (first + CallEnd, Stack + 40));
        Assert.Equal([true, false, false], trace.Frames.Select(frame => frame.IsInterrupted));
        Assert.Equal(outer + CallEnd - 1, trace.Frames[1].LookupAddress.Value);
        Assert.Equal("outer+0x20/0x40", new FrameNamer(kernel.Symbols, kernel.Table).Name(trace.Frames[1]).ToString());
    }

    [Fact]
    public void The_frame_pointer_is_followed_where_code_keeps_and_saves_one()
    {
        var kernel = new FakeKernel();
        ulong leaf = kernel.Function("leaf", Entry(OrcKind.Call, OrcRegister.Rsp, 16, OrcRegister.PreviousStackPointer, -16));
        ulong middle = kernel.Function("middle", Entry(OrcKind.Call, OrcRegister.Rbp, 16, OrcRegister.Rbp, 0));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rbp, 16, OrcRegister.PreviousStackPointer, -16));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, Stack + 0x40, middle + CallEnd);
        kernel.Words(Stack + 0x40, Stack + 0x80, outer + CallEnd);
        kernel.Words(Stack + 0x80, 0, first + CallEnd);
        Check(Unwind(kernel, Registers(leaf, Stack)), StackEndReason.EndOfStack,
            (leaf, Stack), (middle + CallEnd, Stack + 16), (outer + CallEnd, Stack + 0x50), (first + CallEnd, Stack + 0x90));
    }

    [Theory]
    [InlineData(OrcFormat.Linux414, true)]
    [InlineData(OrcFormat.Linux512, false)]
    [InlineData(OrcFormat.Linux64, false)]
    [InlineData(OrcFormat.Linux71, false)]
    public void A_stack_switch_is_followed_through_the_saved_stack_pointer(OrcFormat format, bool isAddedFirst)
    {
        var kernel = new FakeKernel(format);
        if (!isAddedFirst)
        {
            kernel.Symbol("hardirq_stack_inuse", Data);
        }

        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.RspIndirect, 8));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        ulong saved = isAddedFirst ? OtherStack + 0x108 : OtherStack + 0x100;
        kernel.Words(saved, isAddedFirst ? Stack + 0x48 : Stack + 0x40);
        kernel.Words(Stack + 0x40, first + CallEnd);
        StackTrace trace = Unwind(kernel, Registers(inner, OtherStack + 0x100));
        Check(trace, StackEndReason.EndOfStack, (inner, OtherStack + 0x100), (first + CallEnd, Stack + 0x48));
        Assert.Equal(["IRQ", "task"], trace.Frames.Select(frame => frame.Stack!.Name));
        Assert.Equal(format, kernel.Table.Format);
    }

    [Fact]
    public void A_realigned_stack_is_followed_through_the_saved_pointer()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.RbpIndirect, -8, OrcRegister.Rbp, 0));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack + 0x38, Stack + 0x70);
        kernel.Words(Stack + 0x68, first + CallEnd);
        Check(Unwind(kernel, Registers(inner, Stack, (X64Register.Rbp, Stack + 0x40))), StackEndReason.EndOfStack,
            (inner, Stack), (first + CallEnd, Stack + 0x70));
    }

    [Theory]
    [InlineData(OrcFormat.Linux64, OrcRegister.R10, X64Register.R10)]
    [InlineData(OrcFormat.Linux64, OrcRegister.R13, X64Register.R13)]
    [InlineData(OrcFormat.Linux64, OrcRegister.Rdi, X64Register.Rdi)]
    [InlineData(OrcFormat.Linux64, OrcRegister.Rdx, X64Register.Rdx)]
    [InlineData(OrcFormat.Linux71, OrcRegister.Rax, X64Register.Rax)]
    [InlineData(OrcFormat.Linux71, OrcRegister.R10, X64Register.R10)]
    [InlineData(OrcFormat.Linux71, OrcRegister.Rdi, X64Register.Rdi)]
    internal void Other_registers_lead_on_where_they_were_saved(OrcFormat format, OrcRegister named, X64Register register)
    {
        var kernel = new FakeKernel(format);
        ulong entry = kernel.Function("entry", Entry(OrcKind.Registers, OrcRegister.Rsp, 0, isSignal: true));
        ulong early = kernel.Function("early", Entry(OrcKind.InterruptFrame, OrcRegister.Rsp, 0, isSignal: true));
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, named, 0));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));

        // Interrupted where it had only just been interrupted: what the second one did not save the first one did.
        kernel.Words(Stack, PtRegs(early, Stack + 0x200, 0x10, (register, Stack + 0x400)));
        kernel.Words(Stack + 0x200, inner, 0x10, 0, Stack + 0x300, 0);
        kernel.Words(Stack + 0x3f8, first + CallEnd);
        StackTrace trace = Unwind(kernel, Registers(entry, Stack));
        Check(trace, StackEndReason.EndOfStack,
            (entry, Stack), (early, Stack + 0x200), (inner, Stack + 0x300), (first + CallEnd, Stack + 0x400));
        Assert.Equal([true, true, true, false], trace.Frames.Select(frame => frame.IsInterrupted));
        Assert.Equal(Stack + 0x400, trace.Frames[2].Registers![register]);
    }

    [Fact]
    public void A_register_that_was_not_saved_is_not_made_up()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.R10, 0));
        kernel.Words(Stack, outer + CallEnd);
        StackTrace trace = Unwind(kernel, Registers(inner, Stack, (X64Register.R10, Stack + 0x100)));
        Check(trace, StackEndReason.Damaged, (inner, Stack), (outer + CallEnd, Stack + 8));
        Assert.Contains("R10", trace.End.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Interrupts_lead_over_the_stacks_to_user_mode(OrcFormat format)
    {
        var kernel = new FakeKernel(format);
        ulong handler = kernel.Function("handler", Entry(OrcKind.Call, OrcRegister.Rsp, 16));
        ulong nmi = kernel.Function("asm_exc_nmi", Entry(OrcKind.Registers, OrcRegister.Rsp, 0, isSignal: true));
        ulong soft = kernel.Function("softirq", Entry(OrcKind.Call, OrcRegister.Rsp, 0x20));
        ulong call = kernel.Function("system_call", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong irq = kernel.Function("asm_interrupt", Entry(OrcKind.Registers, OrcRegister.Rsp, 0, isSignal: true));
        ulong entry = kernel.Function("entry", Entry(OrcKind.Registers, OrcRegister.Rsp, 8, isSignal: true));
        ulong top = Stack + StackSize - 168;
        kernel.Words(ThirdStack + 0x108, nmi + CallEnd);
        kernel.Words(ThirdStack + 0x110, PtRegs(soft + 4, OtherStack + 0x100));
        kernel.Words(OtherStack + 0x118, irq + CallEnd);
        kernel.Words(OtherStack + 0x120, PtRegs(call, top - 16));
        kernel.Words(top - 16, entry + CallEnd);
        kernel.Words(top, PtRegs(0x401000, 0x7fff_0000, 0x33));
        StackTrace trace = Unwind(kernel, Registers(handler, ThirdStack + 0x100));
        Check(trace, StackEndReason.UserMode,
            (handler, ThirdStack + 0x100), (nmi + CallEnd, ThirdStack + 0x110), (soft + 4, OtherStack + 0x100),
            (irq + CallEnd, OtherStack + 0x120), (call, top - 16), (entry + CallEnd, top - 8));
        Assert.Equal(["NMI", "NMI", "IRQ", "IRQ", "task", "task"], trace.Frames.Select(frame => frame.Stack!.Name));
        Assert.Equal([true, false, true, false, true, false], trace.Frames.Select(frame => frame.IsInterrupted));
        Assert.Equal(0x401000UL, trace.UserRegisters!.InstructionPointer!.Value.Value);
        Assert.Equal(soft + 4, trace.Frames[2].Registers![X64Register.Rip]);
        Assert.Null(trace.Frames[1].Registers);
    }

    [Fact]
    public void Registers_of_user_mode_have_no_kernel_frames()
    {
        StackTrace trace = Unwind(new FakeKernel(), Registers(0x401000, 0x7fff_0000, (X64Register.Cs, 0x33)));
        Check(trace, StackEndReason.UserMode);
        Assert.NotNull(trace.UserRegisters);
        Check(Unwind(new FakeKernel(), X64Registers.None), StackEndReason.Damaged);
    }

    [Fact]
    public void A_call_through_a_null_pointer_leads_to_who_called()
    {
        var kernel = new FakeKernel();
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, first + CallEnd);
        StackTrace trace = Unwind(kernel, Registers(0, Stack));
        Check(trace, StackEndReason.EndOfStack, (0, Stack), (first + CallEnd, Stack + 8));
        Assert.False(trace.Frames[1].IsGuess);
        trace = kernel.Unwinder.Unwind(Registers(0xdead_beef, Stack), Stacks);
        Check(trace, StackEndReason.EndOfStack, (0xdead_beef, Stack), (first + CallEnd, Stack + 8));
        Assert.Equal(FrameGuess.BadCall, trace.Frames[1].Guess);
    }

    [Fact]
    public void A_stack_that_leads_back_ends_as_a_loop()
    {
        var kernel = new FakeKernel();
        ulong back = kernel.Function("back", Entry(OrcKind.Registers, OrcRegister.Rsp, 0, isSignal: true));
        ulong frame = kernel.Function("frame", Entry(OrcKind.Call, OrcRegister.Rbp, 16, OrcRegister.PreviousStackPointer, -16));
        kernel.Words(Stack, PtRegs(back, OtherStack));
        kernel.Words(OtherStack, PtRegs(back, Stack));
        kernel.Words(Stack + 0x400, Stack + 0x400, frame + CallEnd);
        kernel = kernel.Open();
        Check(kernel.Unwinder.Unwind(Registers(back, Stack), Stacks), StackEndReason.Loop, (back, Stack), (back, OtherStack));
        Check(kernel.Unwinder.Unwind(Registers(back, Stack), KernelStacks.None), StackEndReason.Loop, (back, Stack), (back, OtherStack));
        Check(kernel.Unwinder.Unwind(Registers(frame, Stack + 0x300, (X64Register.Rbp, Stack + 0x400)), Stacks),
            StackEndReason.Loop, (frame, Stack + 0x300), (frame + CallEnd, Stack + 0x410));
    }

    [Fact]
    public void More_frames_than_are_believed_are_left_out()
    {
        var kernel = new FakeKernel { Limits = new DumpLimits { MaxStackFrames = 20 } };
        ulong again = kernel.Function("again", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        kernel.Words(Stack, [.. Enumerable.Repeat(again + CallEnd, 30)]);
        StackTrace trace = Unwind(kernel, Registers(again, Stack));
        Assert.Equal((20, StackEndReason.TooDeep), (trace.Frames.Count, trace.End.Reason));
    }

    [Fact]
    public void Excluded_memory_ends_a_stack_or_costs_what_lies_in_it()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 0x1008));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel = kernel.Open();
        _ = kernel.Memory.UnreadablePages.Add((Stack + 0x1000 - ImageMemory.Start) / 4096);
        Check(kernel.Unwinder.Unwind(Registers(inner, Stack), Stacks), StackEndReason.Unreadable, (inner, Stack));

        kernel = new FakeKernel();
        _ = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 0x1008));
        _ = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        _ = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack + 0x2010, outer + CallEnd, first + CallEnd);
        kernel = kernel.Open();
        _ = kernel.Memory.UnreadablePages.Add((Stack + 0x1000 - ImageMemory.Start) / 4096);
        StackTrace trace = kernel.Unwinder.Unwind(Registers(inner, Stack), Stacks);
        Check(trace, StackEndReason.EndOfStack, (inner, Stack), (outer + CallEnd, Stack + 0x2018), (first + CallEnd, Stack + 0x2020));
        Assert.Equal([FrameGuess.None, FrameGuess.Scan, FrameGuess.None], trace.Frames.Select(frame => frame.Guess));
    }

    [Fact]
    public void A_table_that_is_excluded_leaves_guesses()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        kernel.Words(Stack, inner + CallEnd);
        kernel = kernel.Open();
        for (ulong page = 6; page < 8; page++)
        {
            _ = kernel.Memory.UnreadablePages.Add(page);
        }

        // Opened anew, since pages that were read are kept; the format is then not to be seen either.
        Assert.Equal(SymbolsDiagnosticIds.DamagedUnwindTable, Assert.Throws<Core.Diagnostics.DumpFormatException>(
            () => OrcTable.Open(kernel.Memory.Space, kernel.Symbols, null)).Diagnostics[0].Id);
    }

    private static StackTrace Unwind(FakeKernel kernel, X64Registers registers) =>
        kernel.Open().Unwinder.Unwind(registers, Stacks);

    private static void Check(StackTrace trace, StackEndReason reason, params (ulong Ip, ulong Sp)[] frames)
    {
        Assert.Equal(frames, trace.Frames.Select(frame => (frame.InstructionPointer.Value, frame.StackPointer.Value)));
        Assert.True(reason == trace.End.Reason, trace.End.ToString());
    }
}
