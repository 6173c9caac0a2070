using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>
/// One pair of tables (.orc_unwind_ip and .orc_unwind): addresses in order, each as a distance from its own place, and
/// an entry for each.
/// </summary>
internal sealed class OrcSection
{
    private const int AddressSize = sizeof(int);

    private readonly LazyBytes _addresses;
    private readonly LazyBytes _entries;
    private readonly ulong _start;

    /// <param name="space">The memory.</param>
    /// <param name="addresses">The first address.</param>
    /// <param name="entries">The first entry.</param>
    /// <param name="count">How many, checked against the limits by the caller.</param>
    internal OrcSection(AddressSpace space, VirtualAddress addresses, VirtualAddress entries, int count)
    {
        Count = count;
        _start = addresses.Value;
        _addresses = new LazyBytes(space, addresses, (long)count * AddressSize);
        _entries = new LazyBytes(space, entries, (long)count * OrcEntry.Size);
    }

    internal int Count { get; }

    /// <summary>Why the last call that gave nothing could not read memory; none when there is nothing.</summary>
    internal MemoryFault Fault { get; private set; }

    /// <summary>The six bytes for an address: those of the last entry at or below it.</summary>
    internal bool TryFind(VirtualAddress address, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        Fault = MemoryFault.None;
        int found = -1;
        for (int low = 0, high = Count - 1; low <= high;)
        {
            int middle = low + ((high - low) / 2);
            if (!TryAddress(middle, out ulong start))
            {
                return false;
            }

            if (start <= address.Value)
            {
                found = middle;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return found >= 0 && TryEntry(found, out entry);
    }

    /// <summary>An entry by its place.</summary>
    internal bool TryEntry(int index, out ReadOnlySpan<byte> entry)
    {
        bool isRead = _entries.TryGet((long)index * OrcEntry.Size, OrcEntry.Size, out entry);
        Fault = isRead ? MemoryFault.None : _entries.Fault;
        return isRead;
    }

    /// <summary>The address that an entry begins at.</summary>
    internal bool TryAddress(int index, out ulong address)
    {
        address = 0;
        long offset = (long)index * AddressSize;
        if (!_addresses.TryGet(offset, AddressSize, out ReadOnlySpan<byte> bytes))
        {
            Fault = _addresses.Fault;
            return false;
        }

        address = unchecked(_start + (ulong)offset + (ulong)BinaryPrimitives.ReadInt32LittleEndian(bytes));
        return true;
    }
}
