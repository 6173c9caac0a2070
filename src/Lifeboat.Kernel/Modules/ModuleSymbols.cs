using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Modules;

/// <summary>The symbols of a module, as the kernel keeps them for kallsyms (<c>struct mod_kallsyms</c>).</summary>
/// <remarks>
/// <para><b>Construction.</b> Reads the table; names when they are asked for.</para>
/// <para><b>Damage.</b> What cannot be read is not found.</para>
/// </remarks>
public sealed class ModuleSymbols
{
    private const int EntrySize = 24; // Elf64_Sym
    private const int ValueOffset = 8;
    private const int SizeOffset = 16;
    private const int SectionOffset = 6;
    private const int MaxNameLength = 512; // KSYM_NAME_LEN

    private readonly AddressSpace _space;
    private readonly ModuleParts _parts;
    private readonly ModuleExports _exports;
    private readonly byte[] _table;
    private readonly byte[] _types;
    private readonly VirtualAddress _names;
    private readonly int[] _byAddress;

    private ModuleSymbols(
        AddressSpace space, ModuleParts parts, ModuleExports exports, byte[] table, byte[] types, VirtualAddress names)
    {
        (_space, _parts, _exports, _table, _types, _names) = (space, parts, exports, table, types, names);
        var defined = new List<int>();
        for (int i = 1; i < table.Length / EntrySize; i++)
        {
            // A symbol of no section is one that the module wants from elsewhere.
            if (BinaryPrimitives.ReadUInt16LittleEndian(Entry(i)[SectionOffset..]) != 0)
            {
                defined.Add(i);
            }
        }

        _byAddress = [.. defined];
        ulong[] addresses = new ulong[_byAddress.Length];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = AddressOf(_byAddress[i]);
        }

        Array.Sort(addresses, _byAddress);
        for (int start = 0, end; start < addresses.Length; start = end)
        {
            for (end = start + 1; end < addresses.Length && addresses[end] == addresses[start];)
            {
                end++;
            }

            // Of several at one place the kernel takes the first of its table.
            Array.Sort(_byAddress, start, end - start);
        }
    }

    /// <summary>Symbols that the module defines.</summary>
    public int Count => _byAddress.Length;

    /// <summary>A symbol by its place, which is by address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public bool TryGet(int index, [NotNullWhen(true)] out KernelSymbol? symbol)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        int place = _byAddress[index];
        symbol = NameOf(place) is { } name
            ? new KernelSymbol(name, TypeOf(place, name), new VirtualAddress(AddressOf(place)), SizeOf(place)) : null;
        return symbol is not null;
    }

    /// <summary>
    /// The function or variable that an address lies in: the nearest with a name at or below it, the first of several.
    /// </summary>
    public bool TryFind(VirtualAddress address, [NotNullWhen(true)] out KernelSymbol? symbol, out ByteCount offset)
    {
        (symbol, offset) = (null, default);
        for (int start, end = CountUpTo(address.Value); end > 0; end = start)
        {
            start = CountUpTo(unchecked(AddressOf(_byAddress[end - 1]) - 1));
            for (int i = start; i < end; i++)
            {
                // Symbols without a name mark sections.
                if (HasName(_byAddress[i]) && TryGet(i, out symbol))
                {
                    offset = new ByteCount(unchecked(address.Value - symbol.Address.Value));
                    return true;
                }
            }
        }

        symbol = null;
        return false;
    }

    /// <summary>The first symbol of a name.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out KernelSymbol? symbol)
    {
        for (int i = 0; i < Count; i++)
        {
            if (NameOf(_byAddress[i]) == name && TryGet(i, out symbol))
            {
                return true;
            }
        }

        symbol = null;
        return false;
    }

    /// <summary>The symbols of a module; null when the kernel has none of it, or they cannot be read.</summary>
    internal static ModuleSymbols? Open(AddressSpace space, KernelModule module, int mostBytes)
    {
        if (!module.Object.TryGet("kallsyms", out KernelObject? tables)
            || tables["num_symtab"].Unsigned is not { } count || count is 0 || count > (ulong)(mostBytes / EntrySize)
            || tables["symtab"].Pointer is not { } symbols || tables["strtab"].Pointer is not { } names)
        {
            return null;
        }

        byte[] table = new byte[(int)count * EntrySize];
        if (space.Read(symbols, table, out _) < table.Length)
        {
            return null;
        }

        // Before 5.2 the type stood in the symbol itself, in the place of its ELF type.
        byte[] types = [];
        if (tables.TryGet("typetab", out KernelObject? typeTable) && typeTable.Pointer is { } place)
        {
            types = new byte[(int)count];
            Array.Resize(ref types, space.Read(place, types, out _));
        }

        return new ModuleSymbols(space, module.Parts, ModuleExports.Read(module.Object, mostBytes), table, types, names);
    }

    private ReadOnlySpan<byte> Entry(int index) => _table.AsSpan(index * EntrySize, EntrySize);

    private ulong AddressOf(int index) => BinaryPrimitives.ReadUInt64LittleEndian(Entry(index)[ValueOffset..]);

    // As the kernel counts it: up to the next symbol with a name, or the end of this part of the module.
    private ByteCount SizeOf(int place)
    {
        ulong start = AddressOf(place);
        ulong end = _parts.EndOf(start);
        for (int i = CountUpTo(start); i < Count && AddressOf(_byAddress[i]) < end; i++)
        {
            if (HasName(_byAddress[i]))
            {
                end = AddressOf(_byAddress[i]);
            }
        }

        return end > start ? new ByteCount(end - start)
            : new ByteCount(BinaryPrimitives.ReadUInt64LittleEndian(Entry(place)[SizeOffset..]));
    }

    // A capital for what other modules may use, as the kernel's own list has it.
    private char TypeOf(int place, string name)
    {
        char type = place < _types.Length ? (char)_types[place] : (char)Entry(place)[4];
        ulong address = AddressOf(place);
        for (int i = _exports.Find(address, 0); i >= 0; i = _exports.Find(address, i + 1))
        {
            if (NameAt(_exports.NameOf(i)) == name)
            {
                return char.ToUpperInvariant(type);
            }
        }

        return type;
    }

    private VirtualAddress PlaceOfName(int place) =>
        _names + new ByteCount(BinaryPrimitives.ReadUInt32LittleEndian(Entry(place)));

    private string? NameOf(int place) => NameAt(PlaceOfName(place));

    private string? NameAt(VirtualAddress address)
    {
        Span<byte> name = stackalloc byte[MaxNameLength];
        int read = _space.Read(address, name, out _);
        int end = name[..read].IndexOf((byte)0);
        return end < 0 ? null : Encoding.UTF8.GetString(name[..end]);
    }

    private bool HasName(int place)
    {
        Span<byte> first = stackalloc byte[1];
        return _space.Read(PlaceOfName(place), first, out _) == 1 && first[0] != 0;
    }

    private int CountUpTo(ulong address)
    {
        (int low, int high) = (0, Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = AddressOf(_byAddress[middle]) <= address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
