namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Pages of 4 KiB by what became of them. <see cref="Total"/> is the sum of all others: every page is counted once.
/// </summary>
public sealed record PageCounts
{
    /// <summary>RAM pages of the machine.</summary>
    public ulong Total { get; init; }

    /// <summary>Pages whose bytes are in the dump.</summary>
    public ulong Kept { get; init; }

    /// <summary>Pages of zeros that are stored as one shared page.</summary>
    public ulong Zero { get; init; }

    /// <summary>Free pages left out.</summary>
    public ulong Free { get; init; }

    /// <summary>Page cache without private data left out.</summary>
    public ulong Cache { get; init; }

    /// <summary>Page cache with private data left out.</summary>
    public ulong PrivateCache { get; init; }

    /// <summary>Pages of processes left out: anonymous and huge pages.</summary>
    public ulong User { get; init; }

    /// <summary>Pages with a memory error (hwpoison) left out: reading them could stop the machine.</summary>
    public ulong HardwarePoison { get; init; }

    /// <summary>Pages that a balloon or the hypervisor took (PageOffline) or has not given yet (unaccepted).</summary>
    public ulong Offline { get; init; }

    /// <summary>Pages that the source does not have, or that could not be read.</summary>
    public ulong Unreadable { get; init; }
}
