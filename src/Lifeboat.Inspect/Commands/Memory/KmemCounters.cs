using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -z</c> and <c>-V</c>: counters of zones and nodes.</summary>
internal static class KmemCounters
{
    internal static Table ShowZones(CrashedKernel kernel)
    {
        Table table = New("zones", new Column("ZONE", "zone", ColumnKind.Text));
        foreach (MemoryNode node in kernel.Memory.Nodes)
        {
            foreach (MemoryZone zone in node.Zones)
            {
                if (zone.PresentPages is 0)
                {
                    continue;
                }

                Add(table, zone, "free", zone.FreePages);
                Add(table, zone, "min", zone.MinimumFree);
                Add(table, zone, "low", zone.LowFree);
                Add(table, zone, "high", zone.HighFree);
                Add(table, zone, "spanned", zone.SpannedPages);
                Add(table, zone, "present", zone.PresentPages);
                Add(table, zone, "managed", zone.ManagedPages);
                Add(table, zone, "kept by CPUs", zone.PerCpuPages);
                foreach (NamedCount counter in zone.Counters)
                {
                    Add(table, zone, counter.Name, counter.Count);
                }
            }
        }

        return table;
    }

    internal static Table ShowNodes(CrashedKernel kernel)
    {
        Table table = New("nodes");
        foreach (MemoryNode node in kernel.Memory.Nodes)
        {
            foreach (NamedCount counter in node.Counters)
            {
                table.Add(Cell.Number(node.Number), Cell.Text(counter.Name), Cell.Number(counter.Count));
            }
        }

        return table;
    }

    private static Table New(string name, params IReadOnlyList<Column> within) => new(
        name,
        [
            new Column("NODE", "node", ColumnKind.Number),
            .. within,
            new Column("COUNTER", "counter", ColumnKind.Text),
            new Column("PAGES", "count", ColumnKind.Number),
        ]);

    private static void Add(Table table, MemoryZone zone, string name, long? value) =>
        table.Add(Cell.Number(zone.Node.Number), Cell.Text(zone.Name), Cell.Text(name), Cell.Number(value));
}
