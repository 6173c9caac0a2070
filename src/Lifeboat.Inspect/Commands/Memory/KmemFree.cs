using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -f</c>: free blocks by zone and order.</summary>
internal static class KmemFree
{
    internal static Table Show(CrashedKernel kernel)
    {
        Table? table = null;
        foreach (MemoryNode node in kernel.Memory.Nodes)
        {
            foreach (MemoryZone zone in node.Zones)
            {
                foreach (FreeArea area in zone.FreeAreas)
                {
                    table ??= New(area);
                    Add(table, zone, area);
                }
            }
        }

        if (table is null)
        {
            table = new Table("free", new Column("NODE", "node", ColumnKind.Number));
            table.Note("the kernel's zones cannot be found");
        }

        return table;
    }

    private static Table New(FreeArea area)
    {
        var columns = new List<Column>
        {
            new("NODE", "node", ColumnKind.Number),
            new("ZONE", "zone", ColumnKind.Text),
            new("ORDER", "order", ColumnKind.Number),
            new("SIZE", "size", ColumnKind.KibiBytes),
            new("FREE_AREA", "free_area", ColumnKind.Hex),
            new("BLOCKS", "blocks", ColumnKind.Number),
            new("PAGES", "pages", ColumnKind.Number),
        };
        foreach (string kind in area.Kinds)
        {
            columns.Add(new Column(kind.ToUpperInvariant(), kind, ColumnKind.Number));
        }

        return new Table("free", columns);
    }

    private static void Add(Table table, MemoryZone zone, FreeArea area)
    {
        long? blocks = area.BlockCount;
        var cells = new List<Cell>
        {
            Cell.Number(zone.Node.Number),
            Cell.Text(zone.Name),
            Cell.Number(area.Order),
            Cell.Size(new ByteCount((ulong)Pfn.PageSize << area.Order)),
            Cell.Address(area.Object.Address),
            Cell.Number(blocks),
            Cell.Number(blocks is >= 0 and < (1L << 31) ? blocks << area.Order : null),
        };
        long sum = 0;
        bool isComplete = true;
        for (int kind = 0; kind < area.Kinds.Count; kind++)
        {
            KernelWalk<VirtualAddress> list = area.Blocks(kind);
            long count = 0;
            foreach (VirtualAddress _ in list)
            {
                count++;
            }

            isComplete &= list.End == WalkEnd.Complete;
            WalkNotes.Add(table, $"blocks {zone.Name}, order {area.Order}, {area.Kinds[kind]}", list);
            cells.Add(Cell.Number(count));
            sum += count;
        }

        table.Add(cells);
        if (isComplete && blocks is { } counted && counted != sum)
        {
            table.Note($"{zone.Name}, order {area.Order}: {sum} blocks are listed, {counted} counted");
        }
    }
}
