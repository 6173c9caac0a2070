using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands;

/// <summary><c>struct</c>: the members of a type, or of an object of it.</summary>
internal sealed class StructCommand : InspectCommand
{
    public override string Name => "struct";

    public override string Summary => "a structure: its members, or what they hold at an address";

    public override string Usage =>
        """
        struct TYPE[.MEMBER] [ADDRESS|SYMBOL]

          TYPE      struct task_struct, task_struct, or any other type
          .MEMBER   only this member, also a member of a member: task_struct.se.vruntime
          ADDRESS   what an object of the type holds there, in hex, or at a symbol

        OFFSET counts bytes, of a bit field with its first bit behind a point.
        """;

    public override IReadOnlyList<Table> Run(CrashedKernel kernel, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        (string typeName, string member, string? place) = Parse(arguments);
        if (!kernel.Types.TryFind(typeName, out KernelType? type))
        {
            throw new CommandException($"the kernel has no type {typeName}");
        }

        IReadOnlyList<KernelMember> members = type.Members;
        if (member.Length > 0)
        {
            members = type.TryFindMember(member, out KernelMember? found) ? [found]
                : throw new CommandException($"{type.Name} has no member {member}");
        }

        KernelObject? value = place is null ? null : kernel.Object(type, AddressOf(kernel, place));
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
                cells.Add(Cell.Text(ObjectText.Of(value.Member(each))));
            }

            table.Add(cells);
        }

        table.Note($"{type.Name} has {type.Size.Value} bytes");
        return [table];
    }

    private static (string Type, string Member, string? Place) Parse(IReadOnlyList<string> arguments)
    {
        int words = arguments is ["struct" or "union", ..] ? 2 : 1;
        if (arguments.Count < words || arguments.Count > words + 1 || arguments[words - 1].StartsWith('-'))
        {
            throw new CommandException("struct takes a type and, if wanted, an address or a symbol");
        }

        string name = arguments[words - 1];
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string type = dot < 0 ? name : name[..dot];
        return (
            words == 2 ? $"{arguments[0]} {type}" : type,
            dot < 0 ? "" : name[(dot + 1)..],
            arguments.Count > words ? arguments[words] : null);
    }

    private static VirtualAddress AddressOf(CrashedKernel kernel, string text)
    {
        if (kernel.Names.TryFind(text, out SymbolPlace? place))
        {
            return place.Symbol.Address;
        }

        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            ? new VirtualAddress(address)
            : throw new CommandException($"{text} is neither a symbol nor an address in hex");
    }
}
