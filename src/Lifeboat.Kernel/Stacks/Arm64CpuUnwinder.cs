using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Kernel.Stacks;

/// <summary>arm64: by frame pointers.</summary>
internal sealed class Arm64CpuUnwinder(CrashedKernel kernel, Btf types, DumpLimits limits) : CpuUnwinder
{
    private readonly Arm64Unwinder _unwinder = new(kernel.Space, kernel.Dump.Vmcoreinfo, kernel.Symbols, types, limits);

    internal override StackTrace UnwindBlocked(VirtualAddress task, KernelStacks stacks) => _unwinder.UnwindBlocked(task, stacks);

    internal override StackTrace? UnwindNote(ReadOnlySpan<byte> note, KernelStacks stacks, VirtualAddress? task) =>
        Arm64Registers.FromProcessStatus(note) is { } registers ? _unwinder.Unwind(registers, stacks) : null;
}
