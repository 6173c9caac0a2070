using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary><c>list</c>: objects that are linked in a list.</summary>
internal sealed class ListCommand : InspectCommand
{
    private const string Ring = "struct list_head";

    public override string Name => "list";

    public override string Summary => "objects of a linked list";

    public override string Usage =>
        """
        list [-o OFFSET|TYPE.MEMBER] [-s TYPE[.MEMBER,...] [-x]] [-H] ADDRESS|SYMBOL

          -o OFFSET, -o TYPE.MEMBER
                    where the link is in each object: bytes from its start, or a member; at its start without it
          -s TYPE.MEMBER,...
                    also shows these members of each object; without members all of it
          -x        numbers in hex
          -H        ADDRESS is the list's head, which is no object itself; without it, the first object

        Instead of an address an expression without blanks will do: init_task.tasks (help p says more).
        A link may be a list_head, an hlist_node, an llist_node, or a pointer to the next object. Without -H a ring's head,
        if it has one, appears among the objects.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        (LinkPlace? link, string? shown, bool isHead, bool isHex, string? start) = (null, null, false, false, null);
        var words = new CommandWords("list", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-o":
                    link = LinkPlace.Parse(kernel, words.ValueOf("-o"));
                    break;
                case "-s":
                    shown = words.ValueOf("-s");
                    break;
                case "-x":
                    isHex = true;
                    break;
                case "-H":
                    isHead = true;
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                case var _ when start is null:
                    start = word;
                    break;
                case var _ when link is null:
                    // As crash has it: the offset stands before the start, without -o.
                    link = LinkPlace.Parse(kernel, start);
                    start = word;
                    break;
                default:
                    throw words.Wrong("one start");
            }
        }

        VirtualAddress first = Places.Parse(kernel, start ?? throw words.Wrong("a start"));
        return [Show(kernel, link ?? LinkPlace.AtStart, first, isHead, ObjectColumns.Parse(kernel, shown, isHex))];
    }

    private static Table Show(
        CrashedKernel kernel, LinkPlace link, VirtualAddress start, bool isHead, ObjectColumns? shown)
    {
        var columns = new List<Column> { new("OBJECT", "object", ColumnKind.Hex) };
        shown?.AddTo(columns);
        var table = new Table("list", columns);
        void Add(VirtualAddress address)
        {
            var cells = new List<Cell> { Cell.Address(address) };
            shown?.Add(address, cells);
            table.Add(cells);
        }

        if (link.IsPointer)
        {
            AddFollowing(kernel, link, start, isHead, table, Add);
            return table;
        }

        if (!isHead)
        {
            Add(start);
            start += link.Offset;
        }

        KernelWalk<KernelObject> nodes = link.Kind switch
        {
            "" or Ring => kernel.List(kernel.Object(ObjectColumns.TypeOf(kernel, Ring), start), Ring, "next"),
            "struct hlist_node" => kernel.Chain(kernel.Object(ObjectColumns.TypeOf(kernel, "struct hlist_head"), start), link.Kind, "next"),
            "struct llist_node" => kernel.Chain(kernel.Object(ObjectColumns.TypeOf(kernel, "struct llist_head"), start), link.Kind, "next"),
            _ => throw new CommandException(
                $"{link.Type?.Name}.{link.Member} is a {link.Kind}, which links no list: list_head, hlist_node, llist_node or a pointer do"),
        };
        foreach (KernelObject node in nodes)
        {
            Add(node.Address - link.Offset);
        }

        WalkNotes.Add(table, "objects", nodes);
        return table;
    }

    private static void AddFollowing(
        CrashedKernel kernel, LinkPlace link, VirtualAddress start, bool isHead, Table table, Action<VirtualAddress> add)
    {
        if (isHead)
        {
            KernelObject pointer = kernel.Object(link.Type!.Pointer, start);
            if (!pointer.TryReadNumber(out ulong address, out MemoryFault fault))
            {
                table.Note($"the head cannot be read: {fault}");
            }

            start = new VirtualAddress(address);
        }

        if (start == VirtualAddress.Null)
        {
            return;
        }

        KernelWalk<KernelObject> objects = kernel.Following(kernel.Object(link.Type!, start), link.Member);
        foreach (KernelObject each in objects)
        {
            add(each.Address);
        }

        WalkNotes.Add(table, "objects", objects);
    }
}
