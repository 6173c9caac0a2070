using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols;

/// <summary>Symbols by their places in a table, which is by address: the kernel's own, or one out of a file.</summary>
internal abstract class SymbolTable
{
    /// <summary>Symbols in the table.</summary>
    internal abstract int Count { get; }

    /// <summary>Why the last call that gave nothing could not read memory.</summary>
    internal virtual MemoryFault Fault => MemoryFault.None;

    internal abstract bool TryGetName(int index, out char type, out string name);

    internal abstract bool TryGetAddress(int index, out VirtualAddress address);

    /// <summary>How many symbols lie at or, for <paramref name="isBelow"/>, below an address.</summary>
    internal abstract bool TryCount(VirtualAddress address, bool isBelow, out int count);

    /// <summary>The first symbol of a name; -1 for none.</summary>
    internal abstract int IndexOf(string name);

    /// <summary>All symbols of a name, by address.</summary>
    internal abstract List<int> AllOf(string name);
}
