using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>What a header of an image says is to lie at a physical address, at any byte of a page.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Content">Its first bytes, as they lie in the file.</param>
/// <param name="MemorySize">The memory it takes, at least the content; what is longer than that is zero.</param>
internal sealed record ImageSegment(PhysicalAddress Start, ReadOnlyMemory<byte> Content, ByteCount MemorySize)
{
    /// <summary>Where it is linked to run (p_vaddr); the physical address where the format has no other.</summary>
    internal ulong VirtualStart { get; init; } = Start.Value;

    /// <summary>Where the file says so.</summary>
    internal int HeaderOffset { get; init; }

    /// <summary>The first byte after it.</summary>
    internal PhysicalAddress End => Start + MemorySize;
}
