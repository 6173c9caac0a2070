using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// Where the running kernel maps memory and itself, as far as it is told. Only debuggers that read a vmcore by
/// virtual address need it; the dump is complete without.
/// </summary>
public sealed record VirtualLayout
{
    /// <summary>Nothing is known.</summary>
    public static VirtualLayout Unknown { get; } = new();

    /// <summary>Where physical address 0 is mapped (page_offset_base); null when unknown.</summary>
    public VirtualAddress? DirectMap { get; init; }

    /// <summary>The kernel's image in physical memory; empty when unknown.</summary>
    public PhysicalRange KernelText { get; init; }

    /// <summary>Where that image is mapped (_text); null when unknown.</summary>
    public VirtualAddress? KernelTextStart { get; init; }

    /// <summary>The direct mapping of <paramref name="address"/>; zero when the mapping is unknown.</summary>
    public VirtualAddress DirectMapAddress(PhysicalAddress address) =>
        DirectMap is { } start ? start + new ByteCount(address.Value) : VirtualAddress.Null;
}
