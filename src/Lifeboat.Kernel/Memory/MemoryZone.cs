using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>A part of a node that serves one purpose: DMA, DMA32, Normal, Movable (<c>struct zone</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class MemoryZone
{
    private const int MostOrders = 32;

    private readonly CrashedKernel _kernel;

    internal MemoryZone(CrashedKernel kernel, MemoryNode node, KernelObject zone) => (_kernel, Node, Object) = (kernel, node, zone);

    /// <summary>The node it is of.</summary>
    public MemoryNode Node { get; }

    /// <summary>The <c>struct zone</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its name.</summary>
    public string? Name => Object["name"].Text(64);

    /// <summary>Its first page.</summary>
    public Pfn? FirstPage => Object["zone_start_pfn"].Unsigned is { } first ? new Pfn(first) : null;

    /// <summary>Pages from the first to the last, holes included.</summary>
    public long? SpannedPages => Object["spanned_pages"].Signed;

    /// <summary>Pages that are there.</summary>
    public long? PresentPages => Object["present_pages"].Signed;

    /// <summary>Pages that the allocator has to give.</summary>
    public long? ManagedPages => Object["managed_pages.counter"].Signed;

    /// <summary>Pages that are free.</summary>
    public long? FreePages => Object["vm_stat"][0]["counter"].Signed;

    /// <summary>Pages that are free, and kept ready by CPUs.</summary>
    public long? PerCpuPages => CountPerCpu();

    /// <summary>With fewer free pages only those who may not wait get one.</summary>
    public long? MinimumFree => Watermark(0);

    /// <summary>With fewer free pages the kernel begins to make some free.</summary>
    public long? LowFree => Watermark(1);

    /// <summary>With as many free pages it ends to.</summary>
    public long? HighFree => Watermark(2);

    /// <summary>Its counters, by the names of <c>enum zone_stat_item</c> in small letters.</summary>
    public IReadOnlyList<NamedCount> Counters => NamedCount.Read(_kernel, Object["vm_stat"], "enum zone_stat_item");

    /// <summary>Its free blocks, by order; none for a zone without memory, whose lists were never made.</summary>
    public IReadOnlyList<FreeArea> FreeAreas
    {
        get
        {
            var areas = new List<FreeArea>();
            KernelObject all = Object["free_area"];
            for (int order = 0; SpannedPages is not 0 && order < Math.Min(all.Type.ElementCount, MostOrders); order++)
            {
                areas.Add(new FreeArea(_kernel, order, all[order]));
            }

            return areas;
        }
    }

    private long? Watermark(int which) =>
        Object["_watermark"][which].Signed + (Object.TryGet("watermark_boost", out KernelObject? boost) ? boost.Signed : 0);

    private long? CountPerCpu()
    {
        // Until 5.13 within a structure that has counters as well.
        bool isOld = Object.TryGet("pageset", out KernelObject? sets);
        if ((!isOld && !Object.TryGet("per_cpu_pageset", out sets)) || sets!.Type.Target is not { } type || sets.Pointer is not { } start)
        {
            return null;
        }

        long sum = 0;
        foreach (int cpu in _kernel.OnlineCpus)
        {
            if (_kernel.PerCpuOffset(cpu) is not { } offset
                || sets.At(type, start + offset)[isOld ? "pcp.count" : "count"].Signed is not { } count)
            {
                return null;
            }

            sum += count;
        }

        return sum;
    }
}
