using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -n</c>: memory nodes, their zones, sections.</summary>
internal static class KmemNodes
{
    internal static IReadOnlyList<Table> Show(CrashedKernel kernel)
    {
        var nodes = new Table(
            "nodes",
            new Column("NODE", "node", ColumnKind.Number),
            new Column("PGLIST_DATA", "pglist_data", ColumnKind.Hex),
            new Column("START_PFN", "first_pfn", ColumnKind.Hex),
            new Column("SPANNED", "spanned", ColumnKind.Number),
            new Column("PRESENT", "present", ColumnKind.Number));
        var zones = new Table(
            "zones",
            new Column("NODE", "node", ColumnKind.Number),
            new Column("ZONE", "zone", ColumnKind.Hex),
            new Column("NAME", "name", ColumnKind.Text),
            new Column("START_PFN", "first_pfn", ColumnKind.Hex),
            new Column("SPANNED", "spanned", ColumnKind.Number),
            new Column("PRESENT", "present", ColumnKind.Number),
            new Column("MANAGED", "managed", ColumnKind.Number));
        foreach (MemoryNode node in kernel.Memory.Nodes)
        {
            nodes.Add(
                Cell.Number(node.Number),
                Cell.Address(node.Object.Address),
                Number(node.FirstPage),
                Cell.Number(node.SpannedPages),
                Cell.Number(node.PresentPages));
            foreach (MemoryZone zone in node.Zones)
            {
                zones.Add(
                    Cell.Number(node.Number),
                    Cell.Address(zone.Object.Address),
                    Cell.Text(zone.Name),
                    Number(zone.FirstPage),
                    Cell.Number(zone.SpannedPages),
                    Cell.Number(zone.PresentPages),
                    Cell.Number(zone.ManagedPages));
            }
        }

        return [nodes, zones, Sections(kernel)];
    }

    private static Table Sections(CrashedKernel kernel)
    {
        var table = new Table(
            "sections",
            new Column("NR", "number", ColumnKind.Number),
            new Column("SECTION", "section", ColumnKind.Hex),
            new Column("CODED_MEM_MAP", "coded_mem_map", ColumnKind.Hex),
            new Column("START_PFN", "first_pfn", ColumnKind.Hex),
            new Column("PAGES", "pages", ColumnKind.Number));
        foreach (MemorySection section in MemorySections.Of(kernel))
        {
            table.Add(
                Cell.Number(section.Number),
                Cell.Address(section.Object.Address),
                Cell.Address(section.CodedMap),
                Number(section.FirstPage),
                Cell.Number(section.PageCount));
        }

        return table;
    }

    private static Cell Number(Pfn? pfn) => Cell.Address(pfn is { } number ? new VirtualAddress(number.Value) : null);
}
