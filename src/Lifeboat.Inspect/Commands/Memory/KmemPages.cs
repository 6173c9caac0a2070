using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -p</c>: what the kernel knew of pages.</summary>
internal static class KmemPages
{
    private const int MostPages = 1 << 19;

    internal static Table Show(CrashedKernel kernel, IReadOnlyList<string> addresses)
    {
        var table = new Table(
            "pages",
            new Column("PAGE", "page", ColumnKind.Hex),
            new Column("PHYSICAL", "physical", ColumnKind.Hex),
            new Column("MAPPING", "mapping", ColumnKind.Hex),
            new Column("INDEX", "index", ColumnKind.Hex),
            new Column("CNT", "count", ColumnKind.Number),
            new Column("FLAGS", "flags", ColumnKind.Hex),
            new Column("NAMES", "names", ColumnKind.Text));
        if (kernel.Memory.Pages is not { } map)
        {
            table.Note("the kernel's map of memory cannot be found");
            return table;
        }

        foreach (string text in addresses)
        {
            VirtualAddress address = Places.Parse(kernel, text);
            if (map.Find(PageOf(kernel, map, address)) is { } page)
            {
                Add(table, page);
            }
            else
            {
                table.Note($"{address} has no struct page that can be read");
            }
        }

        if (addresses.Count == 0)
        {
            AddAll(kernel, map, table);
        }

        return table;
    }

    private static void AddAll(CrashedKernel kernel, PageMap map, Table table)
    {
        foreach (MemoryNode node in kernel.Memory.Nodes)
        {
            if (node.FirstPage is not { } first || node.SpannedPages is not { } count)
            {
                continue;
            }

            foreach (PhysicalPage page in map.Find(first, new Pfn(first.Value + (ulong)count)))
            {
                if (table.Rows.Count == MostPages)
                {
                    table.Note($"the first {MostPages} pages are shown: name addresses for others");
                    return;
                }

                Add(table, page);
            }
        }
    }

    /// <summary>Of a struct page, of a mapped address, else of one in physical memory.</summary>
    private static Pfn PageOf(CrashedKernel kernel, PageMap map, VirtualAddress address) =>
        kernel.Memory.OriginOf(address) is { Kind: AddressKind.PageStructure } && map.TryFindPfn(address, out Pfn own) ? own
        : !Processes.IsUser(address.Value) && kernel.Space.TryTranslate(address, out PhysicalAddress physical, out _, out _) ? physical.Pfn
        : new PhysicalAddress(address.Value).Pfn;

    private static void Add(Table table, PhysicalPage page) => table.Add(
        Cell.Address(page.Address),
        Cell.Address(new VirtualAddress(page.Pfn.Address.Value)),
        Cell.Address(page.Mapping),
        Cell.Address(new VirtualAddress(page.Index)),
        Cell.Number(page.References),
        Cell.Address(new VirtualAddress(page.Flags)),
        Cell.Text(Names(page)));

    private static string Names(PhysicalPage page)
    {
        string names = page.FlagNames;
        string kind = page.IsTail ? "tail" : page.IsFree ? $"free, order {page.FreeOrder}" : page.ToSlab() is { } slab ? $"slab {slab.Cache}" : "";
        return names.Length > 0 && kind.Length > 0 ? $"{names} ({kind})" : names + kind;
    }
}
