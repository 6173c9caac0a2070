using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -S</c>: the slabs of caches, and their objects.</summary>
internal static class KmemObjects
{
    private const int MostObjects = 1 << 19;

    internal static IReadOnlyList<Table> Show(CrashedKernel kernel, IReadOnlyList<string> names)
    {
        Table caches = KmemSlabs.New();
        List<SlabCache> chosen = KmemSlabs.Choose(kernel, names, caches);
        var tables = new List<Table> { caches };
        foreach (SlabCache cache in chosen)
        {
            KmemSlabs.Add(caches, cache);
            Add(kernel, cache, tables);
        }

        return tables;
    }

    private static void Add(CrashedKernel kernel, SlabCache cache, List<Table> tables)
    {
        var slabs = new Table(
            "slabs",
            new Column("SLAB", "slab", ColumnKind.Hex),
            new Column("MEMORY", "memory", ColumnKind.Hex),
            new Column("SIZE", "size", ColumnKind.KibiBytes),
            new Column("TOTAL", "total", ColumnKind.Number),
            new Column("ALLOCATED", "allocated", ColumnKind.Number),
            new Column("FREE", "free", ColumnKind.Number))
        {
            Title = $"slabs of {cache}",
        };
        var objects = new Table(
            "objects",
            new Column("MEMORY", "memory", ColumnKind.Hex),
            new Column("OBJECT", "object", ColumnKind.Hex),
            new Column("STATE", "state", ColumnKind.Text))
        {
            Title = $"objects of {cache}",
        };
        foreach (Slab slab in cache.Slabs)
        {
            int used = 0;
            for (int i = 0; i < slab.ObjectCount; i++)
            {
                bool isAllocated = slab.IsAllocated(i);
                used += isAllocated ? 1 : 0;
                if (objects.Rows.Count < MostObjects)
                {
                    objects.Add(
                        Cell.Address(slab.Start),
                        Cell.Address(slab.ObjectAt(i)),
                        Cell.Text(isAllocated ? "allocated" : "free"));
                }
            }

            slabs.Add(
                Cell.Address(kernel.Memory.Pages?.AddressOf(slab.Pfn)),
                Cell.Address(slab.Start),
                Cell.Size(slab.Size),
                Cell.Number(slab.ObjectCount),
                Cell.Number(used),
                Cell.Number(slab.ObjectCount - used));
            if (slab.IsDamaged)
            {
                slabs.Note($"the list of free objects of the slab at {slab.Start} is damaged: more may be free");
            }
        }

        if (objects.Rows.Count == MostObjects)
        {
            objects.Note($"the first {MostObjects} objects are shown");
        }

        tables.Add(slabs);
        tables.Add(objects);
    }
}
