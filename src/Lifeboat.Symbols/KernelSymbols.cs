using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Kallsyms;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols;

/// <summary>The kernel's own table of its symbols (kallsyms), out of the dumped memory.</summary>
/// <remarks>
/// <para><b>Construction.</b> VMCOREINFO says where the table is from 6.0 on; before, the kernel's image is searched.
/// Nothing but the strings that names are packed with is read then.</para>
/// <para><b>Complexity.</b> By address a binary search. By name: the first few times a pass over the packed names (2 to 5
/// milliseconds), then an index that takes as long as a few such passes and 12 bytes a symbol.</para>
/// <para><b>Damage.</b> What cannot be read is not found; nothing throws after construction. Names after one that
/// cannot be read are not found either, addresses are.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class KernelSymbols
{
    private const ulong KernelHalf = 1UL << 63;

    private readonly SymbolTable _table;

    internal KernelSymbols(SymbolTable table) => _table = table;

    /// <summary>No symbols: what there is of a kernel whose table is not found.</summary>
    public static KernelSymbols None => new(ListedSymbols.None);

    /// <summary>Symbols in the table.</summary>
    public int Count => _table.Count;

    /// <summary>Why the last call that gave nothing could not read memory; none when it was simply not there.</summary>
    public MemoryFault Fault { get; private set; }

    /// <summary>Finds the table; reads no symbol yet.</summary>
    /// <param name="space">The kernel's memory.</param>
    /// <param name="info">What the kernel exports.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">There is no table, or it is damaged or cannot be read.</exception>
    public static KernelSymbols Open(AddressSpace space, Vmcoreinfo info, DumpLimits? limits = null) =>
        Open(space, info, limits ?? DumpLimits.Default, int.MaxValue);

    /// <summary>The same, with at most so many pages of it kept in memory.</summary>
    internal static KernelSymbols Open(AddressSpace space, Vmcoreinfo info, DumpLimits limits, int keptPieces)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(info);
        return new KernelSymbols(new KallsymsTable(space, KallsymsTables.Find(space, info, limits), limits, keptPieces));
    }

    /// <summary>A symbol by its place in the table, which is by address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public bool TryGet(int index, [NotNullWhen(true)] out KernelSymbol? symbol)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        symbol = null;
        if (!_table.TryGetName(index, out char type, out string name))
        {
            Fault = _table.Fault;
            return false;
        }

        if (!TryGetAddress(index, out VirtualAddress address))
        {
            return false;
        }

        symbol = new KernelSymbol(name, type, address, SizeOf(address));
        return true;
    }

    /// <summary>An address by its symbol's place in the table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public bool TryGetAddress(int index, out VirtualAddress address)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        bool isFound = _table.TryGetAddress(index, out address);
        Fault = isFound ? MemoryFault.None : _table.Fault;
        return isFound;
    }

    /// <summary>The first symbol of a name; static ones of several files may share theirs.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out KernelSymbol? symbol)
    {
        symbol = null;
        Fault = MemoryFault.None;
        int index = IndexOf(name);
        return index >= 0 && TryGet(index, out symbol);
    }

    /// <summary>All symbols of a name, by address.</summary>
    public IReadOnlyList<KernelSymbol> FindAll(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var found = new List<KernelSymbol>();
        foreach (int index in _table.AllOf(name))
        {
            if (TryGet(index, out KernelSymbol? symbol))
            {
                found.Add(symbol);
            }
        }

        return found;
    }

    /// <summary>The address of the first symbol of a name.</summary>
    public bool TryFindAddress(string name, out VirtualAddress address)
    {
        address = default;
        Fault = MemoryFault.None;
        int index = IndexOf(name);
        return index >= 0 && TryGetAddress(index, out address);
    }

    /// <summary>The symbol that an address of the kernel's image lies in; of several at one place the first.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="symbol">The nearest symbol at or below it.</param>
    /// <param name="offset">How far into it the address is.</param>
    /// <returns>False before the first and after the last symbol, and for a user's address.</returns>
    public bool TryFind(
        VirtualAddress address, [NotNullWhen(true)] out KernelSymbol? symbol, out ByteCount offset)
    {
        (symbol, offset, Fault) = (null, default, MemoryFault.None);
        return address.Value >= KernelHalf && TryFindAt(address, out symbol, out offset);
    }

    /// <summary>The per-CPU variable that a distance from a CPU's own data lies in.</summary>
    /// <param name="place">The distance, which code adds to what gs holds.</param>
    /// <param name="symbol">The nearest symbol at or below it.</param>
    /// <param name="offset">How far into it the place is.</param>
    /// <returns>False where the table has no such variables: since 6.15 they have addresses as others.</returns>
    public bool TryFindPerCpu(
        VirtualAddress place, [NotNullWhen(true)] out KernelSymbol? symbol, out ByteCount offset)
    {
        (symbol, offset, Fault) = (null, default, MemoryFault.None);
        return place.Value < KernelHalf && TryFindAt(place, out symbol, out offset);
    }

    private bool TryFindAt(
        VirtualAddress address, [NotNullWhen(true)] out KernelSymbol? symbol, out ByteCount offset)
    {
        (symbol, offset) = (null, default);
        if (!_table.TryCount(address, isBelow: false, out int reached))
        {
            Fault = _table.Fault;
            return false;
        }

        // Per-CPU variables come first, and the last of them marks their end.
        if (reached == 0 || !TryGetAddress(reached - 1, out VirtualAddress start)
            || start.Value < KernelHalf != address.Value < KernelHalf || (IsLast(reached) && start != address))
        {
            return false;
        }

        if (!_table.TryCount(start, isBelow: true, out int first))
        {
            Fault = _table.Fault;
            return false;
        }

        // Where the table is not in order, a search may end anywhere: the symbol found must still be the one.
        offset = new ByteCount(unchecked(address.Value - start.Value));
        return first < Count && TryGet(first, out symbol) && symbol.Address == start;
    }

    // Before the end, and before the image where per-CPU variables end.
    private bool IsLast(int reached) => reached == Count
        || (TryGetAddress(reached - 1, out VirtualAddress last) && last.Value < KernelHalf
            && TryGetAddress(reached, out VirtualAddress next) && next.Value >= KernelHalf);

    private ByteCount SizeOf(VirtualAddress address) =>
        _table.TryCount(address, isBelow: false, out int next) && next < Count
        && _table.TryGetAddress(next, out VirtualAddress end) && end.Value > address.Value
            ? new ByteCount(end.Value - address.Value) : ByteCount.Zero;

    private int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int index = _table.IndexOf(name);
        Fault = index < 0 ? _table.Fault : MemoryFault.None;
        return index;
    }
}
