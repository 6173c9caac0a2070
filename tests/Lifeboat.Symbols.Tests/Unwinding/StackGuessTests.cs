using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Unwinding;
using static Lifeboat.Symbols.Tests.TestSupport.FakeKernel;
using static Lifeboat.Symbols.Tests.TestSupport.OrcWriter;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class StackGuessTests
{
    private const ulong Generated = Module + 0x2000;

    [Fact]
    public void The_call_of_a_function_that_the_tables_leave_out_is_no_guess()
    {
        var kernel = new FakeKernel();
        ulong left = kernel.Function("__crash_kexec");
        ulong panic = kernel.Function("panic", Entry(OrcKind.Call, OrcRegister.Rsp, 8), callee: left);
        ulong stale = kernel.Function("stale", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, stale + CallEnd, stale + CallEnd, 0, panic + CallEnd, first + CallEnd);
        StackTrace trace = kernel.Open().Unwinder.Unwind(Registers(left + 8, Stack), Stacks);
        Assert.Equal([left + 8, panic + CallEnd, first + CallEnd], Pointers(trace));
        Assert.All(trace.Frames, frame => Assert.False(frame.IsGuess));
    }

    [Fact]
    public void A_scan_takes_what_has_a_caller_of_its_own_before_what_has_none()
    {
        var kernel = new FakeKernel();
        ulong left = kernel.Function("left");
        ulong stale = kernel.Function("stale", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rbp, 16, OrcRegister.PreviousStackPointer, -16));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, left, stale + CallEnd, 0, stale + 3, outer + CallEnd);
        kernel.Words(Stack + 0x100, 0, first + CallEnd);
        kernel = kernel.Open();
        StackTrace trace = kernel.Unwinder.Unwind(Registers(left + 8, Stack, (X64Register.Rbp, Stack + 0x100)), Stacks);
        Assert.Equal([left + 8, outer + CallEnd, first + CallEnd], Pointers(trace));
        Assert.Equal([FrameGuess.None, FrameGuess.Scan, FrameGuess.None], trace.Frames.Select(frame => frame.Guess));

        // Without the frame pointer only its look says that it is one.
        trace = kernel.Unwinder.Unwind(Registers(left + 8, Stack + 0x20), Stacks);
        Assert.Equal([left + 8, first + CallEnd], Pointers(trace));
        Assert.Equal(FrameGuess.Scan, trace.Frames[1].Guess);
        trace = kernel.Unwinder.Unwind(Registers(left + 8, Stack + 0x110), Stacks);
        Assert.Equal((1, StackEndReason.NoTableEntry), (trace.Frames.Count, trace.End.Reason));
    }

    [Fact]
    public void Generated_code_is_taken_to_keep_a_frame_pointer()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, Generated, first + CallEnd);
        kernel.Words(Stack + 0x80, 0, outer + CallEnd, first + CallEnd);
        StackTrace trace = kernel.Open().Unwinder.Unwind(Registers(inner, Stack, (X64Register.Rbp, Stack + 0x80)), Stacks);
        Assert.Equal([inner, Generated, outer + CallEnd, first + CallEnd], Pointers(trace));
        Assert.Equal(
            [FrameGuess.None, FrameGuess.None, FrameGuess.FramePointer, FrameGuess.None],
            trace.Frames.Select(frame => frame.Guess));
    }

    [Fact]
    public void Without_a_frame_pointer_anything_that_looks_like_a_return_address_is_taken()
    {
        var kernel = new FakeKernel();
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 0x4000));
        kernel.Words(Stack + 0x40, outer + CallEnd);
        StackTrace trace = kernel.Open().Unwinder.Unwind(Registers(Generated, Stack), Stacks);
        Assert.Equal([Generated, outer + CallEnd], Pointers(trace));
        Assert.Equal(FrameGuess.LooseScan, trace.Frames[1].Guess);
        Assert.Equal(StackEndReason.Damaged, trace.End.Reason);
    }

    [Fact]
    public void A_stack_that_has_overflowed_is_taken_up_at_its_lowest_page()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack + 0x10, outer + CallEnd, first + CallEnd);
        kernel = kernel.Open();
        _ = kernel.Memory.UnreadablePages.Add((Stack - 0x1000 - ImageMemory.Start) / 4096);
        StackTrace trace = kernel.Unwinder.Unwind(Registers(inner, Stack - 0x20), Stacks);
        Assert.Equal([inner, outer + CallEnd, first + CallEnd], Pointers(trace));
        Assert.Equal(FrameGuess.Scan, trace.Frames[1].Guess);
        Assert.Equal([null, "task", "task"], trace.Frames.Select(frame => frame.Stack?.Name));
    }

    [Fact]
    public void A_return_address_that_is_none_is_passed_over()
    {
        var kernel = new FakeKernel();
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, 0x4141_4141_4141_4141, 0, outer + CallEnd, first + CallEnd);
        kernel = kernel.Open();
        StackTrace trace = kernel.Unwinder.Unwind(Registers(inner, Stack), Stacks);
        Assert.Equal([inner, outer + CallEnd, first + CallEnd], Pointers(trace));
        Assert.True(trace.Frames[1].IsGuess);
        trace = kernel.Unwinder.Unwind(Registers(inner, Stack), KernelStacks.None);
        Assert.Equal([inner, outer + CallEnd, first + CallEnd], Pointers(trace));
        trace = kernel.Unwinder.Unwind(Registers(inner, ulong.MaxValue - 3), Stacks);
        Assert.Equal(StackEndReason.Unreadable, trace.End.Reason);
        Assert.Equal(new VirtualAddress(inner), Assert.Single(trace.Frames).InstructionPointer);
    }

    private static IEnumerable<ulong> Pointers(StackTrace trace) =>
        trace.Frames.Select(frame => frame.InstructionPointer.Value);
}
