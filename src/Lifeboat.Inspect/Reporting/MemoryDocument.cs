using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Reporting;

/// <summary>What memory was used for, in bytes.</summary>
public sealed class MemoryDocument
{
    /// <summary>All that the kernel manages.</summary>
    public ulong Total { get; init; }

    /// <summary>Free.</summary>
    public ulong Free { get; init; }

    /// <summary>The cache of files.</summary>
    public ulong Cached { get; init; }

    /// <summary>Private memory of processes.</summary>
    public ulong Anonymous { get; init; }

    /// <summary>Shared memory and tmpfs.</summary>
    public ulong Shared { get; init; }

    /// <summary>The kernel's own objects.</summary>
    public ulong Slab { get; init; }

    /// <summary>The part of them that can be given back.</summary>
    public ulong ReclaimableSlab { get; init; }

    /// <summary>Kernel stacks.</summary>
    public ulong Stacks { get; init; }

    /// <summary>Not yet written to disks.</summary>
    public ulong Dirty { get; init; }

    /// <summary>Everything else.</summary>
    public ulong Other { get; init; }

    // No constructor takes the use of memory: the serializer would look into its type, too.
    internal static MemoryDocument From(MemoryUse use) => new()
    {
        Total = use.Total.Value,
        Free = use.Free.Value,
        Cached = use.Cached.Value,
        Anonymous = use.Anonymous.Value,
        Shared = use.Shared.Value,
        Slab = use.Slab.Value,
        ReclaimableSlab = use.ReclaimableSlab.Value,
        Stacks = use.Stacks.Value,
        Dirty = use.Dirty.Value,
        Other = use.Other.Value,
    };
}
