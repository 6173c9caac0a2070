using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols;

/// <summary>Symbols that were listed in a file, or none.</summary>
internal sealed class ListedSymbols : SymbolTable
{
    private readonly ulong[] _addresses;
    private readonly char[] _types;
    private readonly string[] _names;
    private Dictionary<string, int>? _byName;
    private int[] _next = [];

    /// <summary>Takes the lists, which are of one length, over and sorts them.</summary>
    internal ListedSymbols(ulong[] addresses, char[] types, string[] names)
    {
        int[] order = new int[addresses.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Symbols at one place stay in the file's order.
        Array.Sort(order, (one, other) =>
            addresses[one] != addresses[other] ? addresses[one].CompareTo(addresses[other]) : one.CompareTo(other));
        (_addresses, _types, _names) = (new ulong[order.Length], new char[order.Length], new string[order.Length]);
        for (int i = 0; i < order.Length; i++)
        {
            (_addresses[i], _types[i], _names[i]) = (addresses[order[i]], types[order[i]], names[order[i]]);
        }
    }

    /// <summary>No symbols at all.</summary>
    internal static ListedSymbols None { get; } = new([], [], []);

    internal override int Count => _addresses.Length;

    internal override bool TryGetName(int index, out char type, out string name)
    {
        (type, name) = (_types[index], _names[index]);
        return true;
    }

    internal override bool TryGetAddress(int index, out VirtualAddress address)
    {
        address = new VirtualAddress(_addresses[index]);
        return true;
    }

    internal override bool TryCount(VirtualAddress address, bool isBelow, out int count)
    {
        (int low, int high) = (0, Count);
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            bool isBefore = isBelow ? _addresses[middle] < address.Value : _addresses[middle] <= address.Value;
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        count = low;
        return true;
    }

    internal override int IndexOf(string name) => ByName().TryGetValue(name, out int first) ? first : -1;

    internal override List<int> AllOf(string name)
    {
        var found = new List<int>();
        for (int i = IndexOf(name); i >= 0; i = _next[i])
        {
            found.Add(i);
        }

        return found;
    }

    private Dictionary<string, int> ByName()
    {
        if (_byName is null)
        {
            _byName = new Dictionary<string, int>(Count, StringComparer.Ordinal);
            _next = new int[Count];
            for (int i = Count - 1; i >= 0; i--)
            {
                _next[i] = _byName.TryGetValue(_names[i], out int later) ? later : -1;
                _byName[_names[i]] = i;
            }
        }

        return _byName;
    }
}
