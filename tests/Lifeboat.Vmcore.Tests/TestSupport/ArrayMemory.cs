using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Physical memory that is an array.</summary>
internal sealed class ArrayMemory(byte[] bytes) : IPhysicalMemory
{
    public int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        int there = address.Value < (ulong)bytes.Length ? bytes.Length - (int)address.Value : 0;
        int count = Math.Min(there, destination.Length);
        bytes.AsSpan(there == 0 ? 0 : (int)address.Value, count).CopyTo(destination);
        fault = count == destination.Length ? MemoryFault.None
            : new MemoryFault(unchecked(address.Value + (ulong)count), MemoryFaultReason.Unmapped);
        return count;
    }
}
