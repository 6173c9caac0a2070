using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary><c>tree</c>: what a tree of the kernel holds.</summary>
internal sealed class TreeCommand : InspectCommand
{
    public override string Name => "tree";

    public override string Summary => "objects of a red-black tree, an xarray, a radix tree or a maple tree";

    public override string Usage =>
        """
        tree [-t rbtree|xarray|radix|maple] [-r OFFSET|TYPE.MEMBER] [-o OFFSET|TYPE.MEMBER] [-s TYPE[.MEMBER,...] [-x]] ADDRESS|SYMBOL

          -t TYPE   which kind of tree; rbtree without it; rb, x, ra and m will do
          -r OFFSET, -r TYPE.MEMBER
                    ADDRESS is an object that holds the root there; without it, it is the root itself
          -o OFFSET, -o TYPE.MEMBER
                    of a red-black tree: where in each object its rb_node is; at its start without it
          -s TYPE.MEMBER,...
                    also shows these members of each object; without members all of it
          -x        numbers in hex

        Instead of an address an expression without blanks will do: init_mm.mm_mt (help p says more).
        A red-black tree's objects come in its order, those of the others with the numbers they are stored at.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        (LinkPlace? node, LinkPlace root, string? members, bool isHex, string? start) = (null, LinkPlace.AtStart, null, false, null);
        string kind = "rbtree";
        var words = new CommandWords("tree", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-t":
                    kind = Kind(words.ValueOf("-t"));
                    break;
                case "-r":
                    root = LinkPlace.Parse(kernel, words.ValueOf("-r"));
                    break;
                case "-o":
                    node = LinkPlace.Parse(kernel, words.ValueOf("-o"));
                    break;
                case "-s":
                    members = words.ValueOf("-s");
                    break;
                case "-x":
                    isHex = true;
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                case var _ when start is null:
                    start = word;
                    break;
                default:
                    throw words.Wrong("one root");
            }
        }

        VirtualAddress place = Places.Parse(kernel, start ?? throw words.Wrong("a root")) + root.Offset;
        var shown = ObjectColumns.Parse(kernel, members, isHex);
        return [kind == "rbtree" ? RedBlack(kernel, place, node ?? LinkPlace.AtStart, shown)
            : node is null ? Numbered(kernel, kind, place, shown)
            : throw new CommandException($"-o is for red-black trees: a {kind} holds pointers to its objects")];
    }

    private static string Kind(string text) => text switch
    {
        "rb" or "rbtree" => "rbtree",
        "x" or "xarray" => "xarray",
        "ra" or "radix" => "radix",
        "m" or "maple" => "maple",
        _ => throw new CommandException($"there are no trees of the kind {text}: rbtree, xarray, radix, maple"),
    };

    private static Table RedBlack(CrashedKernel kernel, VirtualAddress root, LinkPlace node, ObjectColumns? shown)
    {
        if (node.Kind is not ("" or "struct rb_node"))
        {
            throw new CommandException($"{node.Type?.Name}.{node.Member} is a {node.Kind}, not a struct rb_node");
        }

        var columns = new List<Column> { new("OBJECT", "object", ColumnKind.Hex) };
        shown?.AddTo(columns);
        var table = new Table("tree", columns);
        KernelWalk<KernelObject> nodes = kernel.Tree(
            kernel.Object(ObjectColumns.TypeOf(kernel, "struct rb_root"), root), "struct rb_node", "__rb_parent_color");
        foreach (KernelObject each in nodes)
        {
            VirtualAddress address = each.Address - node.Offset;
            var cells = new List<Cell> { Cell.Address(address) };
            shown?.Add(address, cells);
            table.Add(cells);
        }

        WalkNotes.Add(table, "objects", nodes);
        return table;
    }

    private static Table Numbered(CrashedKernel kernel, string kind, VirtualAddress root, ObjectColumns? shown)
    {
        bool isMaple = kind == "maple";
        var columns = new List<Column> { new(isMaple ? "FIRST" : "INDEX", isMaple ? "first" : "index", ColumnKind.Hex) };
        if (isMaple)
        {
            columns.Add(new Column("LAST", "last", ColumnKind.Hex));
        }

        columns.Add(new Column("OBJECT", "object", ColumnKind.Hex));
        shown?.AddTo(columns);
        var table = new Table("tree", columns);

        // Before 4.20 radix trees were other than these.
        KernelType type = ObjectColumns.TypeOf(kernel, isMaple ? "struct maple_tree" : "struct xarray");
        _ = ObjectColumns.TypeOf(kernel, isMaple ? "struct maple_node" : "struct xa_node");
        KernelWalk<IndexedEntry> entries = isMaple ? kernel.MapleTree(kernel.Object(type, root)) : kernel.XArray(kernel.Object(type, root));
        foreach (IndexedEntry entry in entries)
        {
            var cells = new List<Cell> { Cell.Address(new VirtualAddress(entry.First)) };
            if (isMaple)
            {
                cells.Add(Cell.Address(new VirtualAddress(entry.Last)));
            }

            cells.Add(Cell.Address(entry.Entry));
            shown?.Add(entry.Entry, cells);
            table.Add(cells);
        }

        WalkNotes.Add(table, "objects", entries);
        return table;
    }
}
