using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem -v</c>: areas that are mapped page by page.</summary>
internal static class KmemAreas
{
    internal static Table Show(CrashedKernel kernel)
    {
        var table = new Table(
            "areas",
            new Column("VMAP_AREA", "area", ColumnKind.Hex),
            new Column("VM_STRUCT", "vm", ColumnKind.Hex),
            new Column("START", "start", ColumnKind.Hex),
            new Column("END", "end", ColumnKind.Hex),
            new Column("SIZE", "size", ColumnKind.KibiBytes),
            new Column("KIND", "kind", ColumnKind.Text),
            new Column("CALLER", "caller", ColumnKind.Text));
        KernelWalk<VmallocArea> walk = kernel.Memory.VmallocAreas;
        var areas = new List<VmallocArea>(walk);
        areas.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        foreach (VmallocArea area in areas)
        {
            table.Add(
                Cell.Address(area.Object.Address),
                area.Details is { } details ? Cell.Address(details.Address) : Cell.Empty,
                Cell.Address(area.Start),
                Cell.Address(area.End),
                Cell.Size(area.Size),
                Cell.Text(area.Kind),
                area.Caller is { } caller ? Cell.Text(Places.NameOf(kernel, caller)) : Cell.Empty);
        }

        WalkNotes.Add(table, "areas", walk);
        return table;
    }
}
