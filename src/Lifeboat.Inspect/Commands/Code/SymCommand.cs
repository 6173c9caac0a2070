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
        sym NAME|ADDRESS...
        sym -q TEXT
        sym -m MODULE

          NAME      where it is
          ADDRESS   what lies there, in hex
          -q TEXT   all symbols whose names contain the text
          -m MODULE all symbols of a module
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
            case [] or [['-', ..], ..]:
                throw new CommandException("sym takes names or addresses, -q TEXT or -m MODULE");
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

        foreach (KernelModule module in kernel.Modules)
        {
            AddSymbols(module, table, name => name.Contains(text, StringComparison.Ordinal));
        }
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
