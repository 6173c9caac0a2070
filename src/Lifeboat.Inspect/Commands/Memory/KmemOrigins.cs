using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem ADDRESS</c>: what addresses belong to.</summary>
internal static class KmemOrigins
{
    internal static Table Show(InspectSession session, IReadOnlyList<string> addresses)
    {
        var table = new Table(
            "origins",
            new Column("ADDRESS", "address", ColumnKind.Hex),
            new Column("KIND", "kind", ColumnKind.Text),
            new Column("STARTS", "starts", ColumnKind.Hex),
            new Column("PAGE", "page", ColumnKind.Hex),
            new Column("BELONGS TO", "belongs_to", ColumnKind.Text));
        foreach (string text in addresses)
        {
            AddressOrigin origin = session.Kernel.Memory.OriginOf(Places.Parse(session.Kernel, text), session.Task);
            VirtualAddress? start = origin.ObjectStart ?? origin.Symbol?.Symbol.Address ?? origin.Area?.Start ?? origin.UserArea?.Start;
            table.Add(
                Cell.Address(origin.Address),
                Cell.Text(KindOf(origin)),
                start is null ? Cell.Empty : Cell.Address(start),
                origin.Page is { } page ? Cell.Address(page.Address) : Cell.Empty,
                Cell.Text(origin.Text));
        }

        return table;
    }

    private static string KindOf(AddressOrigin origin) => origin.Kind switch
    {
        AddressKind.NullPointer => "null",
        AddressKind.ErrorPointer => "error",
        AddressKind.Poison => "poison",
        AddressKind.NotCanonical => "no address",
        AddressKind.User => "user",
        AddressKind.Symbol => "symbol",
        AddressKind.Module => "module",
        AddressKind.PerCpu => "per-CPU",
        AddressKind.TaskStack => "stack",
        AddressKind.SlabObject => "slab",
        AddressKind.Page => "page",
        AddressKind.PageStructure => "struct page",
        AddressKind.MappedArea => "mapped area",
        _ => "unknown",
    };
}
