using Lifeboat.Core.Memory;

namespace Lifeboat.Drill.Inside.Trials;

/// <summary>The memory that trials point into: pages that can be read, and behind them some that cannot.</summary>
/// <remarks>
/// <code>
/// | list of segments (2 pages) | contents (4 pages) | guard (4 pages, not accessible) |
/// Start                                             End
/// </code>
/// </remarks>
/// <param name="Start">The first byte.</param>
internal sealed record TrialMemory(ulong Start)
{
    internal const int ListPages = 2;
    internal const int ContentPages = 4;
    internal const int GuardPages = 4;

    /// <summary>Of a user's addresses none: the kernel's direct mapping.</summary>
    internal const ulong KernelAddress = 0xFFFF_8880_0000_0000;

    /// <summary>No address at all with 48 or 57 bits.</summary>
    internal const ulong NoAddress = 0x8000_0000_0000_0000;

    internal ulong Contents => Start + (ListPages * Pfn.PageSize);

    internal ulong End => Contents + (ContentPages * Pfn.PageSize);

    /// <summary>Whether all bytes can be read; none can from everywhere.</summary>
    internal bool IsReadable(ulong address, ulong length) =>
        length == 0 || (address >= Start && address <= End && length <= End - address);
}
