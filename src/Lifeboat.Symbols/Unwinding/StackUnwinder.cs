using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Unwinds kernel stacks of x86-64 out of dumped memory.</summary>
/// <remarks>
/// <para><b>How.</b> As the kernel does (arch/x86/kernel/unwind_orc.c): a table says for each instruction where its
/// caller's stack begins. Interrupts and exceptions lead to the interrupted code, over the CPU's stacks to the task's,
/// up to user mode.</para>
/// <para><b>Damage.</b> Nothing throws and nothing hangs: where the tables or the memory lead no further, a caller is
/// guessed and marked so; where that fails, the stack ends with the reason.</para>
/// <para><b>Complexity.</b> A frame takes a binary search and a few words of memory.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class StackUnwinder
{
    private readonly StackMemory _memory;
    private readonly OrcTable _table;
    private readonly ReturnAddresses _returns;
    private readonly KernelSymbols _symbols;
    private readonly DumpLimits _limits;
    private readonly SwitchFrame _switchFrame;
    private readonly List<ulong> _firstCode = [];

    /// <summary>An unwinder for one dump.</summary>
    /// <param name="space">The kernel's memory.</param>
    /// <param name="symbols">The kernel's symbols.</param>
    /// <param name="types">The kernel's types; without them blocked tasks cannot be unwound.</param>
    /// <param name="table">The unwind tables.</param>
    /// <param name="limits">What to believe; null for <see cref="DumpLimits.Default"/>.</param>
    public StackUnwinder(
        AddressSpace space, KernelSymbols symbols, Btf? types, OrcTable table, DumpLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(table);
        (_table, _symbols) = (table, symbols);
        _limits = limits ?? DumpLimits.Default;
        _memory = new StackMemory(space);
        TypeOffsets offsets = table.OffsetsOf(types);
        _switchFrame = new SwitchFrame(_memory, offsets);
        _returns = new ReturnAddresses(_memory, symbols, offsets, table);
        ReadOnlySpan<string> names = ["ret_from_fork_asm", "ret_from_fork"];
        foreach (string name in names)
        {
            if (symbols.TryFindAddress(name, out VirtualAddress first))
            {
                _firstCode.Add(first.Value);
            }
        }
    }

    /// <summary>Unwinds from registers, such as those of a CPU's note or of a struct pt_regs.</summary>
    /// <param name="registers">RIP and RSP, and as many of the others as are known.</param>
    /// <param name="stacks">
    /// The CPU's stacks and the task's; with <see cref="KernelStacks.None"/> any memory is followed.
    /// </param>
    /// <param name="task">The task's struct task_struct, to find replaced return addresses by; null for none.</param>
    public StackTrace Unwind(X64Registers registers, KernelStacks stacks, VirtualAddress? task = null)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(stacks);
        return Run(registers, stacks, task, isInterrupted: true);
    }

    /// <summary>Unwinds a task that is not on a CPU, from where it was switched away.</summary>
    /// <param name="task">Its struct task_struct.</param>
    /// <param name="stacks">Its stack (<see cref="KernelStackFinder.OfTask"/>).</param>
    public StackTrace UnwindBlocked(VirtualAddress task, KernelStacks stacks)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        X64Registers? registers = _switchFrame.Read(task, out StackEnd? failure);
        if (registers is null)
        {
            return new StackTrace([], failure!, null);
        }

        // A task that has never run has not called anything either.
        bool isNew = _firstCode.Contains(registers.InstructionPointer!.Value.Value);
        return Run(registers, stacks, task, isNew);
    }

    private StackTrace Run(X64Registers registers, KernelStacks stacks, VirtualAddress? task, bool isInterrupted) =>
        new UnwindRun(_memory, _table, _returns, _symbols, _limits, stacks, task).Run(registers, isInterrupted);
}
