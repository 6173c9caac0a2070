using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>Physical memory of a machine, read by address.</summary>
public interface IPhysicalMemory
{
    /// <summary>
    /// Reads from <paramref name="address"/> on until the destination is full or memory is unreadable.
    /// </summary>
    /// <param name="address">The first byte.</param>
    /// <param name="destination">Receives the bytes; what lies beyond the count returned is unspecified.</param>
    /// <param name="fault">
    /// <see cref="MemoryFault.None"/> when the destination was filled; otherwise the first address that could not be
    /// read, and why.
    /// </param>
    /// <returns>The bytes read; fewer than asked for only together with a fault.</returns>
    int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault);
}
