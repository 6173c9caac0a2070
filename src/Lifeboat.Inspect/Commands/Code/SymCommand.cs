using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Modules;
using Lifeboat.Symbols;

namespace Lifeboat.Inspect.Commands.Code;

/// <summary><c>sym</c>: names of addresses and addresses of names.</summary>
internal sealed class SymCommand : InspectCommand
{
    public override string Name => "sym";

    public override string Summary => "symbols by name or address";

    public override string Usage =>
        """
        sym [-n | -p] NAME|ADDRESS...
        sym -q TEXT
        sym -m MODULE
        sym -l | -M

          NAME      where it is
          ADDRESS   what lies there, in hex
          -n, -p    and the symbol behind it, before it
          -q TEXT   all symbols whose names contain the text
          -m MODULE all symbols of a module
          -l        all symbols; -M only those of modules
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        CrashedKernel kernel = session.Kernel;
        var table = new Table(
            "symbols",
            new Column("ADDRESS", "address", ColumnKind.Hex),
            new Column("T", "type", ColumnKind.Text),
            new Column("SIZE", "bytes", ColumnKind.Number),
            new Column("SYMBOL", "symbol", ColumnKind.Text),
            new Column("MODULE", "module", ColumnKind.Text));
        switch (arguments)
        {
            case ["-q", { Length: > 0 } text]:
                AddMatches(kernel, text, table);
                break;
            case ["-m", { Length: > 0 } name]:
                AddModule(kernel, name, table);
                break;
            case ["-l"]:
                AddMatches(kernel, "", table);
                break;
            case ["-M"]:
                AddModules(kernel, "", table);
                break;
            case ["-n" or "-p", not ['-', ..], ..]:
                foreach (string argument in arguments.Skip(1))
                {
                    AddNeighbours(kernel, argument, arguments[0] == "-n", table);
                }

                break;
            case [] or [['-', ..], ..]:
                throw new CommandException("sym takes names or addresses, perhaps behind -n or -p, or -q TEXT, -m MODULE, -M, -l");
            default:
                foreach (string argument in arguments)
                {
                    AddOne(kernel, argument, table);
                }

                break;
        }

        return [table];
    }

    private static void AddOne(CrashedKernel kernel, string argument, Table table)
    {
        string digits = argument.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? argument[2..] : argument;
        if (kernel.Names.TryFind(argument, out SymbolPlace? place))
        {
            Add(table, place.Symbol, place.Symbol.Name, place.Module?.Name);
        }
        else if (ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            && kernel.Names.TryFind(new VirtualAddress(address), out place))
        {
            string name = place.Offset == ByteCount.Zero ? place.Symbol.Name : $"{place.Symbol.Name}+0x{place.Offset.Value:x}";
            Add(table, place.Symbol with { Address = new VirtualAddress(address) }, name, place.Module?.Name);
        }
        else
        {
            table.Note($"{argument} is neither a symbol nor an address within one");
        }
    }

    private static void AddMatches(CrashedKernel kernel, string text, Table table)
    {
        for (int i = 0; i < kernel.Symbols.Count; i++)
        {
            if (kernel.Symbols.TryGet(i, out KernelSymbol? symbol) && symbol.Name.Contains(text, StringComparison.Ordinal))
            {
                Add(table, symbol, symbol.Name, null);
            }
        }

        AddModules(kernel, text, table);
    }

    private static void AddModules(CrashedKernel kernel, string text, Table table)
    {
        foreach (KernelModule module in kernel.Modules)
        {
            AddSymbols(module, table, name => name.Length > 0 && name.Contains(text, StringComparison.Ordinal));
        }
    }

    private static void AddNeighbours(CrashedKernel kernel, string argument, bool next, Table table)
    {
        VirtualAddress address = Places.Parse(kernel, argument);
        if (!kernel.Names.TryFind(address, out SymbolPlace? place))
        {
            AddOne(kernel, argument, table);
            return;
        }

        SymbolPlace? other = place.Module?.Symbols is { } own ? Beside(own, place, next)
            : kernel.Names.TryFind(next ? place.Symbol.Address + place.Symbol.Size : place.Symbol.Address - new ByteCount(1), out SymbolPlace? found)
            && found.Symbol.Address != place.Symbol.Address ? found : null;
        foreach (SymbolPlace? one in (ReadOnlySpan<SymbolPlace?>)[next ? place : other, next ? other : place])
        {
            if (one is not null)
            {
                Add(table, one.Symbol, one.Symbol.Name, one.Module?.Name);
            }
        }

        if (other is null)
        {
            table.Note($"no symbol is known {(next ? "behind" : "before")} {place.Symbol.Name}");
        }
    }

    // Between symbols of a module there may be gaps, where those of the image have none.
    private static SymbolPlace? Beside(ModuleSymbols symbols, SymbolPlace place, bool next)
    {
        KernelSymbol? nearest = null;
        for (int i = 0; i < symbols.Count; i++)
        {
            if (!symbols.TryGet(i, out KernelSymbol? symbol) || symbol.Name.Length == 0)
            {
                continue;
            }

            if (next && symbol.Address.Value > place.Symbol.Address.Value)
            {
                return new SymbolPlace(symbol, ByteCount.Zero, place.Module);
            }

            nearest = symbol.Address.Value < place.Symbol.Address.Value ? symbol : nearest;
        }

        return next || nearest is null ? null : new SymbolPlace(nearest, ByteCount.Zero, place.Module);
    }

    private static void AddModule(CrashedKernel kernel, string wanted, Table table)
    {
        foreach (KernelModule module in kernel.Modules)
        {
            if (module.Name == wanted)
            {
                AddSymbols(module, table, static name => name.Length > 0);
                return;
            }
        }

        table.Note($"no module {wanted} is loaded: mod lists them");
    }

    private static void AddSymbols(KernelModule module, Table table, Func<string, bool> wants)
    {
        if (module.Symbols is not { } symbols)
        {
            table.Note($"the symbols of {module.Name} cannot be read");
            return;
        }

        for (int i = 0; i < symbols.Count; i++)
        {
            if (symbols.TryGet(i, out KernelSymbol? symbol) && wants(symbol.Name))
            {
                Add(table, symbol, symbol.Name, module.Name);
            }
        }
    }

    private static void Add(Table table, KernelSymbol symbol, string name, string? module) => table.Add(
        Cell.Address(symbol.Address),
        Cell.Text(symbol.Type.ToString()),
        Cell.Size(symbol.Size),
        Cell.Text(name),
        module is null ? Cell.Empty : Cell.Text(module));
}
