using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Unwinds kernel stacks of arm64 out of dumped memory, by frame pointers.</summary>
/// <remarks>
/// <code>
/// x29 -> frame record    the caller's x29, the return address
/// struct pt_regs         has a record too: at an exception in the kernel with the interrupted instruction, at one in user
///                        mode and for a thread's first function with zeros
/// from 6.13              a record of zeros is followed by what it means: 1 the end, 2 an exception's struct pt_regs
/// </code>
/// <para><b>Interrupted leaf functions.</b> One that was interrupted before it had made its record hides its caller, as in the
/// kernel's own traces.</para>
/// <para><b>Pointer authentication.</b> Signed return addresses lose the signature by VMCOREINFO's KERNELPACMASK.</para>
/// <para><b>Damage.</b> Nothing throws and nothing hangs: a record that was met before, lies outside of the kernel's memory or
/// cannot be read ends the stack with the reason. Nothing is guessed.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class Arm64Unwinder
{
    private readonly StackMemory _memory;
    private readonly DumpLimits _limits;
    private readonly ulong _signatureBits;
    private readonly int? _savedFrame;
    private readonly int? _savedStack;
    private readonly int? _savedInstruction;
    private readonly int? _recordInRegisters;
    private readonly bool _hasMeanings;
    private readonly ulong _graphTrampoline;
    private readonly List<ulong> _probeTrampolines = [];

    /// <summary>An unwinder for one dump.</summary>
    /// <param name="space">The kernel's memory.</param>
    /// <param name="info">What the kernel exports.</param>
    /// <param name="symbols">The kernel's symbols.</param>
    /// <param name="types">The kernel's types; without them blocked tasks cannot be unwound.</param>
    /// <param name="limits">What to believe; null for <see cref="DumpLimits.Default"/>.</param>
    public Arm64Unwinder(AddressSpace space, Vmcoreinfo info, KernelSymbols symbols, Btf? types, DumpLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(symbols);
        _memory = new StackMemory(space);
        _limits = limits ?? DumpLimits.Default;
        _signatureBits = info.TryGetNumber("KERNELPACMASK", out long mask) ? unchecked((ulong)mask) : 0;
        var offsets = new TypeOffsets(types);
        _savedFrame = offsets.Member("task_struct", "thread.cpu_context.fp");
        _savedStack = offsets.Member("task_struct", "thread.cpu_context.sp");
        _savedInstruction = offsets.Member("task_struct", "thread.cpu_context.pc");
        _recordInRegisters = offsets.Member("pt_regs", "stackframe");
        _hasMeanings = offsets.Size("frame_record_meta") is not null;
        _graphTrampoline = symbols.TryFindAddress("return_to_handler", out VirtualAddress graph) ? graph.Value : 0;
        ReadOnlySpan<string> names = ["arch_rethook_trampoline", "__kretprobe_trampoline", "kretprobe_trampoline"];
        foreach (string name in names)
        {
            if (symbols.TryFindAddress(name, out VirtualAddress probe))
            {
                _probeTrampolines.Add(probe.Value);
            }
        }
    }

    /// <summary>Unwinds from registers, such as those of a CPU's note.</summary>
    /// <param name="registers">The registers.</param>
    /// <param name="stacks">The stacks to name; records on others are followed, too.</param>
    public StackTrace Unwind(Arm64Registers registers, KernelStacks stacks)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(stacks);
        return Run(registers, stacks, isInterrupted: true);
    }

    /// <summary>Unwinds a task that is not on a CPU, from where it was switched away.</summary>
    /// <param name="task">Its struct task_struct.</param>
    /// <param name="stacks">The stacks to name.</param>
    public StackTrace UnwindBlocked(VirtualAddress task, KernelStacks stacks)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        if (_savedFrame is not { } frame || _savedStack is not { } stack || _savedInstruction is not { } instruction)
        {
            return Failed(StackEndReason.Damaged, "the kernel's types do not say where a task goes on");
        }

        ulong start = task.Value;
        return _memory.TryWord(unchecked(start + (ulong)instruction), out ulong pc, out MemoryFault fault)
            && _memory.TryWord(unchecked(start + (ulong)stack), out ulong sp, out fault)
            && _memory.TryWord(unchecked(start + (ulong)frame), out ulong fp, out fault)
            ? Run(new Arm64Registers(new(pc), new(sp), new(fp), State: 5), stacks, isInterrupted: false)
            : Failed(StackEndReason.Unreadable, $"where the task was switched away: {fault}");
    }

    private static StackTrace Failed(StackEndReason reason, string text) => new([], new StackEnd(reason, text), null);

    private StackTrace Run(Arm64Registers registers, KernelStacks stacks, bool isInterrupted) =>
        new Arm64UnwindRun(_memory, stacks, _limits.MaxStackFrames)
        {
            SignatureBits = _signatureBits,
            RecordInRegisters = _recordInRegisters,
            HasMeanings = _hasMeanings,
            GraphTrampoline = _graphTrampoline,
            ProbeTrampolines = _probeTrampolines,
        }.Run(registers, isInterrupted);
}
