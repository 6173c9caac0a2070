using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel;

/// <summary>Symbols of the kernel's image and of all loaded modules, both ways.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class SymbolNames
{
    private readonly CrashedKernel _kernel;
    private List<KernelModule>? _modules;

    internal SymbolNames(CrashedKernel kernel) => _kernel = kernel;

    /// <summary>The modules, kept with what was read of them.</summary>
    internal List<KernelModule> Modules => _modules ??= [.. _kernel.Modules];

    /// <summary>What an address lies in; false for user addresses and for what is neither image nor module.</summary>
    public bool TryFind(VirtualAddress address, [NotNullWhen(true)] out SymbolPlace? place)
    {
        if (!TryFindInModule(address, out place)
            && _kernel.Symbols.TryFind(address, out KernelSymbol? symbol, out ByteCount offset))
        {
            place = new SymbolPlace(symbol, offset, null);
        }

        return place is not null;
    }

    /// <summary>The same for modules only.</summary>
    internal bool TryFindInModule(VirtualAddress address, [NotNullWhen(true)] out SymbolPlace? place)
    {
        place = null;
        foreach (KernelModule module in Modules)
        {
            if (module.Contains(address))
            {
                place = module.Symbols is { } own && own.TryFind(address, out KernelSymbol? symbol, out ByteCount offset)
                    ? new SymbolPlace(symbol, offset, module) : null;
                break;
            }
        }

        return place is not null;
    }

    /// <summary>The first symbol of a name: of the image, then of the modules.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out SymbolPlace? place)
    {
        place = null;
        if (_kernel.Symbols.TryFind(name, out KernelSymbol? symbol))
        {
            place = new SymbolPlace(symbol, ByteCount.Zero, null);
            return true;
        }

        foreach (KernelModule module in Modules)
        {
            if (module.Symbols is { } own && own.TryFind(name, out symbol))
            {
                place = new SymbolPlace(symbol, ByteCount.Zero, module);
                return true;
            }
        }

        return false;
    }
}
