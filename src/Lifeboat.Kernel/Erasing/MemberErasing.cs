using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel.Erasing;

/// <summary>What a directive by symbol or by type member names.</summary>
internal static class MemberErasing
{
    private const int LongestText = 1024; // makedumpfile's, for a char * without a size
    private const ulong LongestSymbol = 64 << 10;

    internal static void Find(EraseRun run, EraseDirective directive)
    {
        switch (directive.Root)
        {
            case EraseRootKind.Symbol:
                FindSymbol(run, directive);
                break;
            case EraseRootKind.Cache:
                FindInCache(run, directive);
                break;
            default:
                FindLinked(run, directive);
                break;
        }
    }

    private static void FindSymbol(EraseRun run, EraseDirective directive)
    {
        if (!run.Kernel.Names.TryFind(directive.RootName, out SymbolPlace? place))
        {
            run.Tell("there is no such symbol in this kernel or its modules", directive.RootName);
            return;
        }

        string? type = directive.Type ?? (GlobalTypes.TryFind(directive.RootName, out string? known) ? known : null);
        if (type is null && directive.Path.Length == 0 && directive.SizePath is null)
        {
            AddUntyped(run, directive, place.Symbol);
        }
        else if (type is null || !run.Kernel.TryFindType(type, out KernelType? found))
        {
            run.Tell(
                type is null ? "the type of a variable is not known: say which, as in \"as cred\"" : "there is no such type in this kernel",
                type ?? directive.RootName);
        }
        else
        {
            AddMember(run, directive, run.Kernel.Object(found, place.Symbol.Address));
        }
    }

    private static void AddUntyped(EraseRun run, EraseDirective directive, KernelSymbol symbol)
    {
        // Up to the next symbol; which may be far, behind the last one of a section.
        ulong size = directive.Size ?? symbol.Size.Value;
        if (directive.Size is null && size is 0 or > LongestSymbol)
        {
            run.Tell("how long a variable is, is not known: say size", directive.RootName);
            return;
        }

        run.Add(directive.RootName, symbol.Address, size);
    }

    private static void FindInCache(EraseRun run, EraseDirective directive)
    {
        if (!run.Kernel.TryFindType(directive.Type!, out KernelType? type))
        {
            throw new UnknownTypeException($"the kernel has no type {directive.Type}");
        }

        if (!SlabObjects.InCache(run, directive.RootName, address => AddMember(run, directive, run.Kernel.Object(type, address))))
        {
            run.Tell("there is no such slab cache in this kernel, or it shares another's slabs", directive.RootName);
        }
    }

    private static void FindLinked(EraseRun run, EraseDirective directive)
    {
        int dot = directive.RootName.IndexOf('.', StringComparison.Ordinal);
        string symbol = dot < 0 ? directive.RootName : directive.RootName[..dot];
        bool isTree = directive.Root == EraseRootKind.Tree;
        string type = dot < 0 ? (isTree ? "struct rb_root" : "struct list_head")
            : GlobalTypes.TryFind(symbol, out string? known) ? known
            : throw new UnknownTypeException($"the type of {symbol} is not known");
        if (!run.Kernel.Names.TryFind(symbol, out SymbolPlace? place))
        {
            run.Tell("there is no such symbol in this kernel or its modules", symbol);
            return;
        }

        if (!run.Kernel.TryFindType(directive.Type!, out KernelType? element))
        {
            throw new UnknownTypeException($"the kernel has no type {directive.Type}");
        }

        KernelObject root = run.Kernel.Object(run.Kernel.Type(type), place.Symbol.Address);
        root = dot < 0 ? root : root[directive.RootName[(dot + 1)..]];
        KernelWalk<KernelObject> links = isTree ? RedBlackTrees.Nodes(root, run.Kernel.MaxLinked)
            : LinkedLists.Ring(root, run.Kernel.MaxLinked);
        foreach (KernelObject link in links)
        {
            AddMember(run, directive, link.ContainerOf(element, directive.By));
        }

        run.TellUnlessWhole(directive.RootName, links.End);
    }

    private static void AddMember(EraseRun run, EraseDirective directive, KernelObject item)
    {
        KernelObject place = directive.Path.Length == 0 ? item : item[directive.Path];
        string what = directive.Root == EraseRootKind.Symbol
            ? directive.Path.Length == 0 ? directive.RootName : $"{directive.RootName}.{directive.Path}"
            : $"{directive.Type}.{directive.Path}";
        if (place.Fault != MemoryFault.None)
        {
            run.AddUnreadable();
            return;
        }

        ulong? size = directive.SizePath is { } path ? item[path].Unsigned : directive.Size;
        if (directive.SizePath is not null && size is null)
        {
            run.AddUnreadable();
            return;
        }

        VirtualAddress start = place.Address;
        KernelType? type = place.Type;
        if (type.IsPointer)
        {
            if (place.Pointer is not { } pointer)
            {
                run.AddUnreadable();
                return;
            }

            if (pointer == VirtualAddress.Null)
            {
                return;
            }

            (start, type) = (pointer, type.Target);
            size ??= type is { IsCharacter: true } ? (ulong)(place.Text(LongestText)?.Length ?? 0) : null;
        }

        size ??= type?.Size.Value;
        if (size is null or 0 && directive.SizePath is null && type is not { IsCharacter: true })
        {
            run.Tell("how long it is, is not known: say size", what);
            return;
        }

        run.Add(what, start, size ?? 0);
    }
}
