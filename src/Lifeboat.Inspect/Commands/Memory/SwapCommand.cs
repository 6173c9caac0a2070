using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>swap</c>: the swap areas.</summary>
internal sealed class SwapCommand : InspectCommand
{
    public override string Name => "swap";

    public override string Summary => "swap areas: size, how much is used, priority";

    public override string Usage =>
        """
        swap

        SIZE and USED are KiB.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (arguments is not [])
        {
            throw new CommandException("swap takes nothing");
        }

        var table = new Table(
            "swap",
            new Column("SWAP_INFO_STRUCT", "area", ColumnKind.Hex),
            new Column("TYPE", "type", ColumnKind.Text),
            new Column("SIZE", "size", ColumnKind.KibiBytes),
            new Column("USED", "used", ColumnKind.KibiBytes),
            new Column("PCT", "percent", ColumnKind.Text),
            new Column("PRI", "priority", ColumnKind.Number),
            new Column("FILENAME", "file", ColumnKind.Text));
        foreach (SwapArea area in session.Kernel.Memory.SwapAreas)
        {
            table.Add(
                Cell.Address(area.Object.Address),
                Cell.Text(area.IsPartition is not { } isPartition ? null : isPartition ? "PARTITION" : "FILE"),
                Cell.Size(area.Size),
                Cell.Size(area.Used),
                Cell.Text(area is { Used: { } used, Size: { Value: > 0 } size }
                    ? (used.Value * 100 / size.Value).ToString(CultureInfo.InvariantCulture) + "%" : null),
                Cell.Number(area.Priority),
                Cell.Text(area.Path));
        }

        if (table.Rows.Count == 0)
        {
            table.Note("the kernel had no swap areas");
        }

        return [table];
    }
}
