using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>The symbols' addresses, ascending, one number of 32 bits each.</summary>
/// <remarks>
/// <code>
/// from 7.0                address = its place in the table + offset
/// before, most machines   address = base + offset
/// before 6.15, x86-64     address = offset           of per-CPU variables, which count from 0: not negative
///                         address = base - 1 - offset       of all others: negative
/// </code>
/// </remarks>
internal sealed class KallsymsAddresses
{
    private const int EntrySize = sizeof(int);

    private readonly LazyBytes _bytes;
    private readonly VirtualAddress _place;
    private readonly VirtualAddress? _relativeBase;
    private readonly bool _isPerCpuAbsolute;
    private readonly int _count;

    internal KallsymsAddresses(AddressSpace space, KallsymsTables tables, int keptPieces)
    {
        _count = tables.Count;
        _bytes = new LazyBytes(space, tables.Offsets, (long)_count * EntrySize, keptPieces);
        _place = tables.Offsets;
        _relativeBase = tables.RelativeBase;
        _isPerCpuAbsolute = _relativeBase is not null && IsPerCpuAbsolute();
    }

    /// <summary>Why the last call that gave nothing did so.</summary>
    internal MemoryFault Fault => _bytes.Fault;

    internal bool TryGet(int index, out VirtualAddress address)
    {
        address = default;
        if (!_bytes.TryGet((long)index * EntrySize, EntrySize, out ReadOnlySpan<byte> entry))
        {
            return false;
        }

        int offset = BinaryPrimitives.ReadInt32LittleEndian(entry);
        ulong value = _relativeBase switch
        {
            null => unchecked(_place.Value + ((ulong)index * EntrySize) + (ulong)offset),
            { } start when !_isPerCpuAbsolute => unchecked(start.Value + (uint)offset),
            { } start => unchecked(offset >= 0 ? (ulong)offset : start.Value - 1 - (ulong)offset),
        };
        address = new VirtualAddress(value);
        return true;
    }

    /// <summary>How many symbols lie at or, for <paramref name="isBelow"/>, below an address.</summary>
    internal bool TryCount(VirtualAddress address, bool isBelow, out int count)
    {
        int low = 0;
        int high = _count;
        count = 0;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (!TryGet(middle, out VirtualAddress found))
            {
                return false;
            }

            bool isBefore = isBelow ? found.Value < address.Value : found.Value <= address.Value;
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        count = low;
        return true;
    }

    /// <summary>
    /// Nothing says which rule a kernel was built with. Per-CPU variables are few and come first, and no image reaches
    /// 2 GiB: in the middle a negative offset stands by one rule only.
    /// </summary>
    private bool IsPerCpuAbsolute()
    {
        foreach (int index in (ReadOnlySpan<int>)[_count / 2, _count - 1, _count / 4 * 3])
        {
            if (_bytes.TryGet((long)index * EntrySize, EntrySize, out ReadOnlySpan<byte> entry))
            {
                return BinaryPrimitives.ReadInt32LittleEndian(entry) < 0;
            }
        }

        return false;
    }
}
