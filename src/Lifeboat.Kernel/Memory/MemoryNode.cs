using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>Memory that is equally far from some CPUs (<c>struct pglist_data</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class MemoryNode
{
    private const int MostZones = 8;

    private readonly CrashedKernel _kernel;

    internal MemoryNode(CrashedKernel kernel, int number, KernelObject node) => (_kernel, Number, Object) = (kernel, number, node);

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>The <c>struct pglist_data</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its first page.</summary>
    public Pfn? FirstPage => Object["node_start_pfn"].Unsigned is { } first ? new Pfn(first) : null;

    /// <summary>Pages from the first to the last, holes included.</summary>
    public long? SpannedPages => Object["node_spanned_pages"].Unsigned is { } count and < (1UL << 40) ? (long)count : null;

    /// <summary>Pages that are there.</summary>
    public long? PresentPages => Object["node_present_pages"].Signed;

    /// <summary>Its zones, empty ones too.</summary>
    public IReadOnlyList<MemoryZone> Zones
    {
        get
        {
            var zones = new List<MemoryZone>();
            KernelObject all = Object["node_zones"];
            for (int i = 0; i < Math.Min(all.Type.ElementCount, MostZones); i++)
            {
                zones.Add(new MemoryZone(_kernel, this, all[i]));
            }

            return zones;
        }
    }

    /// <summary>Its counters, by the names of <c>enum node_stat_item</c> in small letters.</summary>
    public IReadOnlyList<NamedCount> Counters => NamedCount.Read(_kernel, Object["vm_stat"], "enum node_stat_item");
}
