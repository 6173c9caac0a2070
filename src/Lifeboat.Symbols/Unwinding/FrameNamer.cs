using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Names the places that stacks lead through.</summary>
/// <remarks><b>Thread safety.</b> One thread at a time.</remarks>
public sealed class FrameNamer
{
    private const int MostKept = 4096;

    private readonly Dictionary<ulong, FrameName> _kept = [];
    private readonly KernelSymbols _symbols;
    private readonly OrcTable? _table;
    private readonly Func<VirtualAddress, ModuleSymbol?>? _modules;

    /// <summary>A namer for one dump.</summary>
    /// <param name="symbols">The kernel's symbols.</param>
    /// <param name="table">Says which module an address is in; null to name only what is the kernel's own.</param>
    /// <param name="modules">
    /// The symbol at or below an address of a module; null when modules' symbols are not known: such frames are then
    /// named by their module only.
    /// </param>
    public FrameNamer(KernelSymbols symbols, OrcTable? table, Func<VirtualAddress, ModuleSymbol?>? modules = null)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        (_symbols, _table, _modules) = (symbols, table, modules);
    }

    /// <summary>The name of a frame; of the function that called, even where the call is the last thing in it.</summary>
    public FrameName Name(StackFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        VirtualAddress lookup = frame.LookupAddress;
        if (lookup == frame.InstructionPointer)
        {
            return Name(lookup, lookup);
        }

        // Stacks have most of their frames in common.
        if (!_kept.TryGetValue(lookup.Value, out FrameName? name))
        {
            name = Name(frame.InstructionPointer, lookup);
            if (_kept.Count < MostKept)
            {
                _kept.Add(lookup.Value, name);
            }
        }

        return name;
    }

    /// <summary>The name of an address.</summary>
    public FrameName Name(VirtualAddress address) => Name(address, address);

    private FrameName Name(VirtualAddress address, VirtualAddress lookup)
    {
        if (_modules?.Invoke(lookup) is { } found && found.Symbol.Address.Value <= address.Value)
        {
            return new FrameName(address, found.Symbol, Distance(found.Symbol, address), found.Module);
        }

        if (_table is not null && ModuleOf(lookup) is { } module)
        {
            return new FrameName(address, null, ByteCount.Zero, module);
        }

        return _symbols.TryFind(lookup, out KernelSymbol? symbol, out _)
            ? new FrameName(address, symbol, Distance(symbol, address), null)
            : new FrameName(address, null, ByteCount.Zero, null);
    }

    private string? ModuleOf(VirtualAddress address)
    {
        foreach (ModuleCode module in _table!.Modules)
        {
            if (module.Holds(address))
            {
                return module.Name;
            }
        }

        return null;
    }

    private static ByteCount Distance(KernelSymbol symbol, VirtualAddress address) =>
        new(unchecked(address.Value - symbol.Address.Value));
}
