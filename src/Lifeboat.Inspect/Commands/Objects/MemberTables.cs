using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary>Members of a structure, a row each.</summary>
internal static class MemberTables
{
    /// <summary>The members of a type; with a value also what they hold.</summary>
    /// <param name="type">The structure, or another type.</param>
    /// <param name="members">Those of its members that are wanted.</param>
    /// <param name="value">An object of it; null for the type alone.</param>
    /// <param name="text">Writes what they hold.</param>
    internal static Table Of(KernelType type, IReadOnlyList<KernelMember> members, KernelObject? value, ObjectText text)
    {
        var columns = new List<Column>
        {
            new("OFFSET", "offset", ColumnKind.Text),
            new("SIZE", "bytes", ColumnKind.Number),
            new("TYPE", "type", ColumnKind.Text),
            new("MEMBER", "member", ColumnKind.Text),
        };
        if (value is not null)
        {
            columns.Add(new Column("VALUE", "value", ColumnKind.Text));
        }

        var table = new Table(type.Name.Replace(' ', '_'), columns);
        foreach (KernelMember each in members)
        {
            var cells = new List<Cell>
            {
                Cell.Text(each.BitCount == 0 ? $"{each.Offset.Value}" : $"{each.Offset.Value}.{each.FirstBit}"),
                Cell.Size(each.Type.Size),
                Cell.Text(each.Type.Name),
                Cell.Text(each.BitCount == 0 ? each.Name : $"{each.Name} : {each.BitCount}"),
            };
            if (value is not null)
            {
                cells.Add(Cell.Text(text.Of(value.Member(each))));
            }

            table.Add(cells);
        }

        table.Note($"{type.Name} has {type.Size.Value} bytes");
        return table;
    }
}
