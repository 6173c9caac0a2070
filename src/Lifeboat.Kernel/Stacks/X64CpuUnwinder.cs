using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Kernel.Stacks;

/// <summary>x86-64: by the kernel's own unwind tables (ORC).</summary>
internal sealed class X64CpuUnwinder(CrashedKernel kernel, Btf types, OrcTable table, DumpLimits limits) : CpuUnwinder
{
    private readonly StackUnwinder _unwinder = new(kernel.Space, kernel.Symbols, types, table, limits);

    internal override OrcTable Table => table;

    internal override StackTrace UnwindBlocked(VirtualAddress task, KernelStacks stacks) => _unwinder.UnwindBlocked(task, stacks);

    internal override StackTrace? UnwindNote(ReadOnlySpan<byte> note, KernelStacks stacks, VirtualAddress? task) =>
        X64Registers.FromProcessStatus(note) is { } registers ? _unwinder.Unwind(registers, stacks, task) : null;
}
