using System.Buffers.Binary;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Physical memory of a machine that never was: zeros, but where something was written.</summary>
internal sealed class FakeMemory(ulong size) : IPhysicalMemory
{
    private readonly SortedDictionary<ulong, byte[]> _pages = [];

    internal ulong Size => size;

    internal IEnumerable<KeyValuePair<ulong, byte[]>> Pages => _pages;

    internal void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong pfn = address / 4096;
            if (!_pages.TryGetValue(pfn, out byte[]? page))
            {
                _pages[pfn] = page = new byte[4096];
            }

            int within = (int)(address % 4096);
            int count = Math.Min(bytes.Length, 4096 - within);
            bytes[..count].CopyTo(page.AsSpan(within));
            bytes = bytes[count..];
            address += (ulong)count;
        }
    }

    internal void WriteLong(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(address, bytes);
    }

    internal void WriteInt(ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(address, bytes);
    }

    internal byte[] ToArray()
    {
        byte[] bytes = new byte[size];
        foreach ((ulong pfn, byte[] page) in _pages)
        {
            page.CopyTo(bytes, (int)(pfn * 4096));
        }

        return bytes;
    }

    internal ulong ReadLong(ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        _ = Read(new PhysicalAddress(address), bytes, out _);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        int done = 0;
        while (done < destination.Length)
        {
            ulong position = unchecked(address.Value + (ulong)done);
            if (position >= size)
            {
                fault = new MemoryFault(position, MemoryFaultReason.Unmapped);
                return done;
            }

            int within = (int)(position % 4096);
            int count = Math.Min(destination.Length - done, 4096 - within);
            count = (int)Math.Min((ulong)count, size - position);
            Span<byte> target = destination.Slice(done, count);
            if (_pages.TryGetValue(position / 4096, out byte[]? page))
            {
                page.AsSpan(within, count).CopyTo(target);
            }
            else
            {
                target.Clear();
            }

            done += count;
        }

        return destination.Length;
    }
}
