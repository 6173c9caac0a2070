using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary>What <c>-s TYPE.MEMBER,MEMBER</c> shows of each object of a list or a tree.</summary>
internal sealed class ObjectColumns
{
    private readonly CrashedKernel _kernel;
    private readonly KernelType _type;
    private readonly IReadOnlyList<string> _members;
    private readonly ObjectText _text;

    private ObjectColumns(CrashedKernel kernel, KernelType type, IReadOnlyList<string> members, bool isHex) =>
        (_kernel, _type, _members, _text) = (kernel, type, members, new ObjectText(kernel, isHex));

    /// <summary>Nothing without a text.</summary>
    /// <exception cref="CommandException">There is no such type or member.</exception>
    internal static ObjectColumns? Parse(CrashedKernel kernel, string? text, bool isHex)
    {
        if (text is null)
        {
            return null;
        }

        (KernelType type, string path) = ParseType(kernel, text);
        var members = new List<string>();
        foreach (string member in path.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!kernel.Object(type, VirtualAddress.Null).TryGet(member, out _))
            {
                throw NoMember(type, member);
            }

            if (!members.Contains(member))
            {
                members.Add(member);
            }
        }

        return new ObjectColumns(kernel, type, members, isHex);
    }

    /// <summary>Takes <c>TYPE.MEMBER</c> apart; the member may be missing.</summary>
    /// <exception cref="CommandException">There is no such type.</exception>
    internal static (KernelType Type, string Member) ParseType(CrashedKernel kernel, string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        string name = dot < 0 ? text : text[..dot];
        return (TypeOf(kernel, name), dot < 0 ? "" : text[(dot + 1)..]);
    }

    /// <summary>A type by its name.</summary>
    /// <exception cref="CommandException">The kernel has none of that name.</exception>
    internal static KernelType TypeOf(CrashedKernel kernel, string name) =>
        !string.IsNullOrWhiteSpace(name) && kernel.TryFindType(name, out KernelType? type) ? type
            : throw new CommandException($"the kernel has no type {name}");

    internal static CommandException NoMember(KernelType type, string member) =>
        new($"{type.Name} has no member {member}: whatis {type.Name} shows those it has");

    internal void AddTo(List<Column> columns)
    {
        foreach (string member in _members)
        {
            columns.Add(new Column(member, member, ColumnKind.Text));
        }

        if (_members.Count == 0)
        {
            columns.Add(new Column(_type.Name, "value", ColumnKind.Text));
        }
    }

    internal void Add(VirtualAddress address, List<Cell> cells)
    {
        KernelObject value = _kernel.Object(_type, address);
        foreach (string member in _members)
        {
            cells.Add(Cell.Text(value.TryGet(member, out KernelObject? found) ? _text.Of(found) : null));
        }

        if (_members.Count == 0)
        {
            cells.Add(Cell.Text(_text.Of(value)));
        }
    }
}
