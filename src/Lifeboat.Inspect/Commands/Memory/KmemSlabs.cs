using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -s</c>: the slab caches.</summary>
internal static class KmemSlabs
{
    internal static Table Show(CrashedKernel kernel, IReadOnlyList<string> names)
    {
        Table table = New();
        foreach (SlabCache cache in Choose(kernel, names, table))
        {
            Add(table, cache);
        }

        return table;
    }

    internal static Table New() => new(
        "caches",
        new Column("CACHE", "cache", ColumnKind.Hex),
        new Column("OBJSIZE", "object_size", ColumnKind.Number),
        new Column("ALLOCATED", "allocated", ColumnKind.Number),
        new Column("CPUS", "kept_by_cpus", ColumnKind.Number),
        new Column("TOTAL", "total", ColumnKind.Number),
        new Column("SLABS", "slabs", ColumnKind.Number),
        new Column("SSIZE", "slab_size", ColumnKind.KibiBytes),
        new Column("NAME", "name", ColumnKind.Text));

    internal static void Add(Table table, SlabCache cache)
    {
        SlabUsage usage = cache.Usage;
        table.Add(
            Cell.Address(cache.Object.Address),
            Cell.Number((long?)cache.ObjectSize?.Value),
            Cell.Number(usage.Allocated),
            Cell.Number(usage.FreeInCpus),
            Cell.Number(usage.Objects),
            Cell.Number(usage.Slabs),
            Cell.Size(cache.SlabSize),
            Cell.Text(cache.Name));
        if (usage.IsDamaged)
        {
            table.Note($"{cache}: lists of free objects break off or contradict the counts");
        }
    }

    /// <summary>The caches that are named, by name or address; all when none is.</summary>
    internal static List<SlabCache> Choose(CrashedKernel kernel, IReadOnlyList<string> names, Table notes)
    {
        var found = new List<SlabCache>();
        var missing = new List<string>(names);
        KernelWalk<SlabCache> caches = kernel.Memory.SlabCaches;
        foreach (SlabCache cache in caches)
        {
            bool isWanted = names.Count == 0;
            foreach (string name in names)
            {
                if (name == cache.Name || (Places.TryParseHex(name, out ulong address) && address == cache.Object.Address.Value))
                {
                    isWanted = true;
                    missing.Remove(name);
                }
            }

            if (isWanted)
            {
                found.Add(cache);
            }
        }

        WalkNotes.Add(notes, "caches", caches);
        foreach (string name in missing)
        {
            notes.Note($"there is no slab cache {name}: kmem -s lists them");
        }

        return found;
    }
}
