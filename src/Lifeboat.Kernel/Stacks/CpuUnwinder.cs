using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Kernel.Stacks;

/// <summary>What differs by architecture of unwinding stacks.</summary>
internal abstract class CpuUnwinder
{
    /// <summary>The unwind tables that know modules' code, too; null where there are none.</summary>
    internal virtual OrcTable? Table => null;

    /// <summary>Unwinds a task that is not on a CPU.</summary>
    internal abstract StackTrace UnwindBlocked(VirtualAddress task, KernelStacks stacks);

    /// <summary>Unwinds from a CPU's note (struct elf_prstatus); null when it is too short.</summary>
    internal abstract StackTrace? UnwindNote(ReadOnlySpan<byte> note, KernelStacks stacks, VirtualAddress? task);
}
