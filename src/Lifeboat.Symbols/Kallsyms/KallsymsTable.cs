using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>The kernel's own table; nothing but the strings that names are packed with is read at first.</summary>
internal sealed class KallsymsTable : SymbolTable
{
    private const int PassesBeforeIndex = 4;

    private readonly KallsymsTokens _tokens;
    private readonly KallsymsNames _names;
    private readonly KallsymsAddresses _addresses;
    private readonly int _longestName;
    private KallsymsNameIndex? _index;
    private MemoryFault _fault;
    private int _passes;

    /// <exception cref="DumpFormatException">It is damaged or cannot be read.</exception>
    internal KallsymsTable(AddressSpace space, KallsymsTables tables, DumpLimits limits, int keptPieces)
    {
        Count = tables.Count;
        _tokens = KallsymsTokens.Read(space, tables);
        _names = new KallsymsNames(space, tables, limits, keptPieces);
        _addresses = new KallsymsAddresses(space, tables, keptPieces);
        _longestName = limits.MaxSymbolNameLength;
    }

    internal override int Count { get; }

    internal override MemoryFault Fault => _fault;

    internal override bool TryGetName(int index, out char type, out string name)
    {
        (type, name) = ('\0', "");
        if (_names.TryGet(index, out ReadOnlySpan<byte> codes) && _tokens.TryUnpack(codes, _longestName, out type, out name))
        {
            return true;
        }

        _fault = _names.Fault;
        return false;
    }

    internal override bool TryGetAddress(int index, out VirtualAddress address)
    {
        bool isFound = _addresses.TryGet(index, out address);
        _fault = isFound ? MemoryFault.None : _addresses.Fault;
        return isFound;
    }

    internal override bool TryCount(VirtualAddress address, bool isBelow, out int count)
    {
        bool isFound = _addresses.TryCount(address, isBelow, out count);
        _fault = isFound ? MemoryFault.None : _addresses.Fault;
        return isFound;
    }

    internal override int IndexOf(string name)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(name);
        _fault = MemoryFault.None;
        if (_index is null && _passes++ < PassesBeforeIndex)
        {
            return PassFor(bytes);
        }

        KallsymsNameIndex index = _index ??= new KallsymsNameIndex(_names, _tokens, Count);
        int found = -1;
        for (int i = index.Last(KallsymsTokens.Hash(bytes)); i >= 0; i = index.Before(i))
        {
            found = IsName(i, bytes) ? i : found;
        }

        return found;
    }

    internal override List<int> AllOf(string name)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(name);
        var found = new List<int>();
        KallsymsNameIndex index = _index ??= new KallsymsNameIndex(_names, _tokens, Count);
        for (int i = index.Last(KallsymsTokens.Hash(bytes)); i >= 0; i = index.Before(i))
        {
            if (IsName(i, bytes))
            {
                found.Add(i);
            }
        }

        found.Reverse();
        return found;
    }

    private bool IsName(int index, ReadOnlySpan<byte> name) =>
        _names.TryGet(index, out ReadOnlySpan<byte> codes) && _tokens.IsName(codes, name);

    private int PassFor(ReadOnlySpan<byte> name)
    {
        int position = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!_names.TryNext(ref position, out ReadOnlySpan<byte> codes))
            {
                _fault = _names.Fault;
                return -1;
            }

            if (_tokens.IsName(codes, name))
            {
                return i;
            }
        }

        return -1;
    }
}
