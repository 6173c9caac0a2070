using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>What memory was used for, by the kernel's own counters (<c>vm_zone_stat</c>, <c>vm_node_stat</c>).</summary>
/// <remarks>The counters lag behind by what each CPU has not added yet, some dozen pages.</remarks>
public sealed class MemoryUse
{
    private const int PagesOfKilobytes = 4;

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
        if (!kernel.TryFindGlobal("_totalram_pages", out KernelObject? total) || total["counter"].Unsigned is not { } pages
            || pages > ulong.MaxValue / Pfn.PageSize || Count(kernel, "vm_zone_stat", "NR_FREE_PAGES") is not { } free)
        {
            return null;
        }

        ulong shared = Node(kernel, "NR_SHMEM");
        ulong reclaimable = Node(kernel, "NR_SLAB_RECLAIMABLE_B");
        return new MemoryUse
        {
            Total = Bytes(pages),
            Free = Bytes(free),
            Cached = Bytes(Math.Max(Node(kernel, "NR_FILE_PAGES"), shared) - shared),
            Anonymous = Bytes(Node(kernel, "NR_ANON_MAPPED")),
            Shared = Bytes(shared),
            Slab = Bytes(reclaimable + Node(kernel, "NR_SLAB_UNRECLAIMABLE_B")),
            ReclaimableSlab = Bytes(reclaimable),
            Stacks = Bytes(Node(kernel, "NR_KERNEL_STACK_KB") / PagesOfKilobytes),
            Dirty = Bytes(Node(kernel, "NR_FILE_DIRTY")),
        };
    }

    private static ByteCount Bytes(ulong pages) => new(pages * Pfn.PageSize);

    private static ulong Node(CrashedKernel kernel, string name) => Count(kernel, "vm_node_stat", name) ?? 0;

    // A counter may be below zero for what CPUs have not added yet, and a damaged one may be anything.
    private static ulong? Count(CrashedKernel kernel, string array, string name) =>
        kernel.TryFindGlobal(array, "atomic_long_t", out KernelObject? counters)
        && kernel.Types.TryFindEnumerator(name, out long index) && index is >= 0 and < 1024
            ? counters.At(counters.Type, counters.Address + new ByteCount((ulong)index * counters.Type.Size.Value))["counter"].Signed
                is { } value ? (ulong)Math.Clamp(value, 0, long.MaxValue / (2 * Pfn.PageSize)) : null
            : null;
}
