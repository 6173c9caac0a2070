using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -i</c>: memory at a glance.</summary>
internal static class KmemTotals
{
    internal static Table Show(CrashedKernel kernel)
    {
        var table = new Table(
            "memory",
            new Column("", "item", ColumnKind.Text),
            new Column("PAGES", "pages", ColumnKind.Number),
            new Column("TOTAL", "bytes", ColumnKind.KibiBytes),
            new Column("PERCENTAGE", "percentage", ColumnKind.Text));
        MemoryTotals totals = kernel.Memory.Totals;
        ByteCount? all = totals.Total;
        ByteCount? swap = totals.Swap;
        ByteCount? limit = totals.CommitLimit;
        Add(table, "TOTAL MEM", all, null, "");
        Add(table, "FREE", totals.Free, all, "TOTAL MEM");
        Add(table, "USED", totals.Used, all, "TOTAL MEM");
        Add(table, "AVAILABLE", totals.Available, all, "TOTAL MEM");
        Add(table, "SHARED", totals.Shared, all, "TOTAL MEM");
        Add(table, "BUFFERS", totals.Buffers, all, "TOTAL MEM");
        Add(table, "CACHED", totals.Cached, all, "TOTAL MEM");
        Add(table, "ANONYMOUS", totals.Anonymous, all, "TOTAL MEM");
        Add(table, "SLAB", totals.Slab, all, "TOTAL MEM");
        Add(table, "RECLAIMABLE", totals.SlabReclaimable, all, "TOTAL MEM");
        Add(table, "UNRECLAIMABLE", totals.SlabUnreclaimable, all, "TOTAL MEM");
        Add(table, "PAGE TABLES", totals.PageTables, all, "TOTAL MEM");
        Add(table, "KERNEL STACKS", totals.Stacks, all, "TOTAL MEM");
        Add(table, "TOTAL HUGE", totals.Huge, all, "TOTAL MEM");
        Add(table, "HUGE FREE", totals.HugeFree, totals.Huge, "TOTAL HUGE");
        Add(table, "TOTAL SWAP", swap, null, "");
        Add(table, "SWAP USED", swap is { } space && totals.SwapFree is { } free && free <= space ? space - free : null, swap, "TOTAL SWAP");
        Add(table, "SWAP FREE", totals.SwapFree, swap, "TOTAL SWAP");
        Add(table, "SWAP CACHED", totals.SwapCached, swap, "TOTAL SWAP");
        Add(table, "COMMIT LIMIT", limit, null, "");
        Add(table, "COMMITTED", totals.Committed, limit, "COMMIT LIMIT");
        return table;
    }

    private static void Add(Table table, string item, ByteCount? size, ByteCount? whole, string name)
    {
        Cell percentage = size is not { } part || whole is not { Value: > 0 } all ? Cell.Empty
            : Cell.Text((part.Value * 100 / all.Value).ToString(CultureInfo.InvariantCulture) + "% of " + name);
        table.Add(Cell.Text(item), Cell.Number((long?)(size?.Value / Pfn.PageSize)), Cell.Size(size), percentage);
    }
}
