using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Printk;

/// <summary>
/// Walks the printk ringbuffer from the oldest record to the newest, as prb_read() would, without its locks.
/// </summary>
internal sealed class PrintkReader(AddressSpace space, PrintkLayout layout, PrintkRing ring)
{
    // The two bits above a descriptor's id (enum desc_state).
    private const ulong Committed = 1;
    private const ulong Finalized = 2;

    private const int BlockIdSize = 8;
    private const ulong DatalessBit = 1;

    private readonly byte[] _desc = new byte[layout.DescSize];
    private readonly byte[] _info = new byte[layout.InfoSize];
    private ulong _textBytes;

    /// <summary>Records whose structures or text could not be read.</summary>
    internal int Unreadable { get; private set; }

    /// <summary>Records whose structures contradict each other.</summary>
    internal int Damaged { get; private set; }

    internal MemoryFault FirstFault { get; private set; }

    internal List<LogRecord> ReadAll()
    {
        var records = new List<LogRecord>();

        // Whatever head and tail say, there are no more records than descriptors.
        ulong count = Math.Min(unchecked(ring.HeadId - ring.TailId) & PrintkRing.IdMask, ring.Count - 1) + 1;
        ulong first = unchecked(ring.HeadId - (count - 1)) & PrintkRing.IdMask;
        for (ulong i = 0; i < count; i++)
        {
            if (TryRead(unchecked(first + i) & PrintkRing.IdMask, out LogRecord? record))
            {
                records.Add(record!);
            }
        }

        return records;
    }

    private bool TryRead(ulong id, out LogRecord? record)
    {
        record = null;
        ulong index = id & (ring.Count - 1);
        if (!TryReadExactly(ring.Descs + new ByteCount(index * (ulong)layout.DescSize), _desc))
        {
            return false;
        }

        // Being written, or already given up for reuse: there is no record. A committed one has all of its text, and
        // may only have been waiting for a continuation; the last line before a crash can be that one.
        ulong state = BinaryPrimitives.ReadUInt64LittleEndian(_desc.AsSpan(layout.StateVar));
        if ((state & PrintkRing.IdMask) != id || (state >> PrintkRing.IdBits) is not (Committed or Finalized))
        {
            return false;
        }

        if (!TryReadExactly(ring.Infos + new ByteCount(index * (ulong)layout.InfoSize), _info)
            || !TryReadText(id, out string text))
        {
            return false;
        }

        int length = layout.TextLength;
        record = new LogRecord(
            BinaryPrimitives.ReadUInt64LittleEndian(_info.AsSpan(layout.Sequence)),
            BinaryPrimitives.ReadUInt64LittleEndian(_info.AsSpan(layout.Timestamp)),
            _info[length + 3] >> 5, // u8 flags:5, level:3
            _info[length + 2],
            BinaryPrimitives.ReadUInt32LittleEndian(_info.AsSpan(layout.CallerId)),
            text);
        return true;
    }

    private bool TryReadText(ulong id, out string text)
    {
        text = "";
        ReadOnlySpan<byte> block = _desc.AsSpan(layout.TextBlock);
        ulong begin = BinaryPrimitives.ReadUInt64LittleEndian(block[layout.Begin..]);
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(block[layout.Next..]);
        if ((begin & next & DatalessBit) != 0)
        {
            return true;
        }

        if (!TryLocate(begin, next, out ulong start, out ulong size))
        {
            Damaged++;
            return false;
        }

        Span<byte> owner = stackalloc byte[BlockIdSize];
        if (!TryReadExactly(ring.Text + new ByteCount(start), owner))
        {
            return false;
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(owner) != id)
        {
            Damaged++;
            return false;
        }

        int length = Math.Min(
            BinaryPrimitives.ReadUInt16LittleEndian(_info.AsSpan(layout.TextLength)), (int)(size - BlockIdSize));
        // All texts together fit the ring; more are blocks that overlap, which no kernel writes.
        _textBytes += (ulong)length;
        if (_textBytes > ring.TextSize)
        {
            Damaged++;
            return false;
        }

        byte[] bytes = new byte[length];
        if (!TryReadExactly(ring.Text + new ByteCount(start + BlockIdSize), bytes))
        {
            return false;
        }

        text = LogText.FromBytes(bytes);
        return true;
    }

    /// <summary>
    /// Where a block's bytes are. Positions grow for ever, and a block is never split: one that would reach over the
    /// ring's end begins at its start, in the next round.
    /// </summary>
    private bool TryLocate(ulong begin, ulong next, out ulong start, out ulong size)
    {
        ulong mask = ring.TextSize - 1;
        ulong beginRound = begin >> ring.TextBits;
        ulong nextRound = next >> ring.TextBits;
        if (beginRound == nextRound)
        {
            start = begin & mask;
            size = unchecked(next - begin);
        }
        else if (unchecked(beginRound + 1) == nextRound && (next & mask) == 0)
        {
            // Newer kernels let a block end exactly at the ring's end.
            start = begin & mask;
            size = ring.TextSize - start;
        }
        else if (unchecked(beginRound + 1) == nextRound)
        {
            start = 0;
            size = next & mask;
        }
        else
        {
            start = 0;
            size = 0;
        }

        return size is > BlockIdSize && size <= ring.TextSize - start;
    }

    private bool TryReadExactly(VirtualAddress address, Span<byte> destination)
    {
        if (space.Read(address, destination, out MemoryFault fault) == destination.Length)
        {
            return true;
        }

        if (Unreadable++ == 0)
        {
            FirstFault = fault;
        }

        return false;
    }
}
