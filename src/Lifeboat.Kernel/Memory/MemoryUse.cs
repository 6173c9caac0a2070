using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Memory;

/// <summary>What memory was used for, by the kernel's own counters (<c>vm_zone_stat</c>, <c>vm_node_stat</c>).</summary>
/// <remarks>The counters lag behind by what each CPU has not added yet, some dozen pages.</remarks>
public sealed class MemoryUse
{
    /// <summary>All that the kernel manages.</summary>
    public required ByteCount Total { get; init; }

    /// <summary>Free.</summary>
    public ByteCount Free { get; private init; }

    /// <summary>The cache of files, without shared memory.</summary>
    public ByteCount Cached { get; private init; }

    /// <summary>Private memory of processes.</summary>
    public ByteCount Anonymous { get; private init; }

    /// <summary>Shared memory and tmpfs.</summary>
    public ByteCount Shared { get; private init; }

    /// <summary>The kernel's own objects.</summary>
    public ByteCount Slab { get; private init; }

    /// <summary>The part of <see cref="Slab"/> that can be given back.</summary>
    public ByteCount ReclaimableSlab { get; private init; }

    /// <summary>Kernel stacks.</summary>
    public ByteCount Stacks { get; private init; }

    /// <summary>Written to files and not to their disks yet.</summary>
    public ByteCount Dirty { get; private init; }

    /// <summary>What is none of the above: page tables, per-CPU data, the kernel's own pages, what drivers took.</summary>
    public ByteCount Other
    {
        get
        {
            ulong known = Free.Value + Cached.Value + Anonymous.Value + Shared.Value + Slab.Value + Stacks.Value;
            return new ByteCount(known < Total.Value ? Total.Value - known : 0);
        }
    }

    /// <summary>Reads the counters; null when they, or what memory there is in all, cannot be read.</summary>
    public static MemoryUse? Read(CrashedKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        MemoryTotals totals = kernel.Memory.Totals;
        if (totals.Total is not { } all || totals.Free is not { } free)
        {
            return null;
        }

        ByteCount files = totals.Files ?? ByteCount.Zero;
        ByteCount shared = totals.Shared ?? ByteCount.Zero;
        return new MemoryUse
        {
            Total = all,
            Free = free,
            Cached = files > shared ? files - shared : ByteCount.Zero,
            Anonymous = totals.Anonymous ?? ByteCount.Zero,
            Shared = shared,
            Slab = totals.Slab ?? ByteCount.Zero,
            ReclaimableSlab = totals.SlabReclaimable ?? ByteCount.Zero,
            Stacks = totals.Stacks ?? ByteCount.Zero,
            Dirty = totals.Dirty ?? ByteCount.Zero,
        };
    }
}
