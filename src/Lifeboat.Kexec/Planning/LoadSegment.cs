using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Planning;

/// <summary>One piece of memory that kexec_load fills (struct kexec_segment).</summary>
/// <param name="Name">What it is: <c>kernel</c>, <c>ramdisk</c>, <c>purgatory</c>.</param>
/// <param name="Range">Where it lies; the kernel zeroes what is longer than the content.</param>
/// <param name="Content">Its first bytes.</param>
public sealed record LoadSegment(string Name, PhysicalRange Range, ReadOnlyMemory<byte> Content)
{
    /// <summary>The bytes of the content with zeros up to a whole page.</summary>
    internal ByteCount PagedContent => new ByteCount((ulong)Content.Length).AlignUp(ByteCount.Page);
}
