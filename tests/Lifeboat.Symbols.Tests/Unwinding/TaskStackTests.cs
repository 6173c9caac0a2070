using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Unwinding;
using static Lifeboat.Symbols.Tests.TestSupport.FakeKernel;
using static Lifeboat.Symbols.Tests.TestSupport.OrcWriter;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class TaskStackTests
{
    private const ulong Task = Data;

    [Fact]
    public void A_blocked_task_goes_on_where_it_was_switched_away()
    {
        var kernel = new FakeKernel { Types = TaskTypes.Write() };
        ulong schedule = kernel.Function("__schedule", Entry(OrcKind.Call, OrcRegister.Rbp, 16));
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Task + TaskTypes.TaskStack, Stack);
        kernel.Words(Task + TaskTypes.TaskSp, Stack + 0x100);
        kernel.Words(Stack + 0x100, 15, 14, 13, 12, 3, Stack + 0x180, schedule + CallEnd);
        kernel.Words(Stack + 0x188, first + CallEnd);
        kernel = kernel.Open();
        KernelStack? stack = Finder(kernel).OfTask(new VirtualAddress(Task));
        Assert.Equal((Stack, 0x4000UL), (stack!.Start.Value, stack.Size.Value));
        StackTrace trace = kernel.Unwinder.UnwindBlocked(new VirtualAddress(Task), new KernelStacks([stack]));
        Assert.Equal([schedule + CallEnd, first + CallEnd], trace.Frames.Select(frame => frame.InstructionPointer.Value));
        Assert.Equal([Stack + 0x138, Stack + 0x190], trace.Frames.Select(frame => frame.StackPointer.Value));
        Assert.Equal([false, false], trace.Frames.Select(frame => frame.IsInterrupted));
        Assert.Equal(13UL, trace.Frames[0].Registers![X64Register.R13]);
        Assert.Null(trace.Frames[0].Registers![X64Register.R10]);
    }

    [Theory]
    [InlineData("ret_from_fork")]
    [InlineData("ret_from_fork_asm")]
    public void A_task_that_has_never_run_stands_at_the_first_instruction(string name)
    {
        var kernel = new FakeKernel { Types = TaskTypes.Write() };
        ulong start = kernel.Function(name, Entry(OrcKind.Registers, OrcRegister.Rsp, 0));
        kernel.Words(Task + TaskTypes.TaskSp, Stack + 0x100);
        kernel.Words(Stack + 0x130, start);
        kernel.Words(Stack + 0x138, PtRegs(0x401000, 0x7fff_0000, 0x33));
        StackTrace trace = kernel.Open().Unwinder.UnwindBlocked(new VirtualAddress(Task), Stacks);
        StackFrame frame = Assert.Single(trace.Frames);
        Assert.True(frame.IsInterrupted);
        Assert.Equal(StackEndReason.UserMode, trace.End.Reason);
        Assert.Equal($"{name}+0x0/0x40", new FrameNamer(kernel.Symbols, kernel.Table).Name(frame).ToString()[..(name.Length + 9)]);
    }

    [Fact]
    public void A_task_whose_switch_frame_is_not_there_has_an_empty_stack_and_a_reason()
    {
        var kernel = new FakeKernel { Types = TaskTypes.Write() };
        kernel.Words(Task + TaskTypes.TaskSp, 0x1234);
        StackTrace trace = kernel.Open().Unwinder.UnwindBlocked(new VirtualAddress(Task), Stacks);
        Assert.Equal((0, StackEndReason.Unreadable), (trace.Frames.Count, trace.End.Reason));
        trace = new FakeKernel().Open().Unwinder.UnwindBlocked(new VirtualAddress(Task), Stacks);
        Assert.Equal((0, StackEndReason.Damaged), (trace.Frames.Count, trace.End.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_function_graph_tracers_trampoline_is_seen_through(bool isRecovered)
    {
        var kernel = new FakeKernel { Types = TaskTypes.Write() };
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong handler = kernel.Function("return_to_handler");
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        kernel.Words(Stack, handler, first + CallEnd);
        kernel.Words(Task + TaskTypes.ShadowStack, Data + 0x800);
        kernel.Words(Data + 0x800, outer + CallEnd, inner, 0, Stack + 0x100, outer + CallEnd, inner, 0, isRecovered ? Stack : 0);
        StackTrace trace = kernel.Open().Unwinder.Unwind(Registers(inner, Stack), Stacks, new VirtualAddress(Task));
        Assert.Equal([inner, isRecovered ? outer + CallEnd : handler, first + CallEnd], trace.Frames.Select(frame => frame.InstructionPointer.Value));
        Assert.Equal((ReturnTrampoline.FunctionGraph, isRecovered), (trace.Frames[1].Trampoline, trace.Frames[1].IsRecovered));
        Assert.Equal(isRecovered ? FrameGuess.None : FrameGuess.Scan, trace.Frames[2].Guess);
    }

    [Theory]
    [InlineData("arch_rethook_trampoline", false)]
    [InlineData("kretprobe_trampoline", true)]
    public void A_return_probes_trampoline_is_seen_through(string name, bool isOld)
    {
        var kernel = new FakeKernel { Types = TaskTypes.Write(isOldProbe: isOld) };
        ulong inner = kernel.Function("inner", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong outer = kernel.Function("outer", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        ulong probe = kernel.Function(name);
        ulong first = kernel.Function("first", Entry(OrcKind.EndOfStack));
        (ulong link, ulong address, ulong slot) = isOld ? (8UL, 24UL, 32UL) : (16UL, 32UL, 40UL);
        ulong node = Data + 0x800;
        kernel.Words(Stack, probe, first + CallEnd);
        kernel.Words(Task + TaskTypes.Probes, node + link);

        // Two probes of one function: the later one finds the earlier one's trampoline.
        kernel.Words(node + link, node + 0x100 + link);
        kernel.Words(node + address, probe);
        kernel.Words(node + slot, Stack);
        kernel.Words(node + 0x100 + address, outer + CallEnd);
        kernel.Words(node + 0x100 + slot, Stack);
        kernel.Words(node + 0x100 + link, node + 0x100 + link);
        kernel = kernel.Open();
        StackTrace trace = kernel.Unwinder.Unwind(Registers(inner, Stack), Stacks, new VirtualAddress(Task));
        Assert.Equal([inner, outer + CallEnd, first + CallEnd], trace.Frames.Select(frame => frame.InstructionPointer.Value));
        Assert.Equal((ReturnTrampoline.ReturnProbe, true), (trace.Frames[1].Trampoline, trace.Frames[1].IsRecovered));

        // Interrupted just after the return to it; and of no task that is known.
        trace = kernel.Unwinder.Unwind(Registers(probe, Stack + 8), Stacks, new VirtualAddress(Task));
        Assert.Equal(outer + CallEnd, trace.Frames[0].InstructionPointer.Value);
        trace = kernel.Unwinder.Unwind(Registers(inner, Stack), Stacks);
        Assert.Equal((ReturnTrampoline.ReturnProbe, false), (trace.Frames[1].Trampoline, trace.Frames[1].IsRecovered));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public void A_cpus_stacks_are_found_by_symbols_and_types(int lastWord, bool isHotCpu)
    {
        const ulong PerCpu = Data + 0x100;
        const ulong Offsets = Data + 0x80;
        const ulong Exceptions = 0xffff_fe00_0000_3000;
        var kernel = new FakeKernel { Types = TaskTypes.Write(isHotCpu: isHotCpu) };
        kernel.Symbol("__per_cpu_offset", Offsets);
        kernel.Symbol(isHotCpu ? "pcpu_hot" : "hardirq_stack_ptr", 0x40);
        kernel.Symbol("cea_exception_stacks", 0x60);
        kernel.Words(Offsets, 0, PerCpu);
        kernel.Words(PerCpu + (isHotCpu ? 0x50UL : 0x40UL), OtherStack + 0x4000 - (ulong)lastWord);
        kernel.Words(PerCpu + 0x60, Exceptions);
        IReadOnlyList<KernelStack> stacks = Finder(kernel.Open()).OfCpu(1);
        Assert.Equal(
            [
                new KernelStack("IRQ of CPU 1", KernelStackKind.Interrupt, new(OtherStack), new(0x4000)),
                new KernelStack("DF of CPU 1", KernelStackKind.Exception, new(Exceptions + 0x1000), new(0x2000)),
                new KernelStack("NMI of CPU 1", KernelStackKind.Exception, new(Exceptions + 0x4000), new(0x2000)),
                new KernelStack("entry of CPU 1", KernelStackKind.Entry, new(Exceptions - 0x2000), new(512)),
            ],
            stacks);
        Assert.DoesNotContain(Finder(kernel).OfCpu(0), stack => stack.Kind == KernelStackKind.Exception);
        Assert.Empty(Finder(new FakeKernel().Open()).OfCpu(0));
        Assert.Empty(Finder(kernel).OfCpu(int.MaxValue));
    }

    private static KernelStackFinder Finder(FakeKernel kernel) => new(kernel.Memory.Space, kernel.Symbols, kernel.Btf);
}
