using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel.Erasing;

/// <summary>
/// Variables and types of one module, or of the kernel where that is built in. Others are not looked at: the tables of all
/// modules would take more memory than a capture kernel has to spare.
/// </summary>
internal sealed class ModuleScope
{
    private readonly CrashedKernel _kernel;
    private readonly KernelModule? _module;
    private readonly string _name;

    internal ModuleScope(CrashedKernel kernel, string name)
    {
        (_kernel, _name) = (kernel, name);
        foreach (KernelModule module in kernel.Names.Modules)
        {
            if (module.Name == name)
            {
                _module = module;
                break;
            }
        }
    }

    /// <summary>Where a variable is; null when there is none, or no such module.</summary>
    internal VirtualAddress? AddressOf(string variable)
    {
        if (_module is null)
        {
            return _kernel.Symbols.TryFindAddress(variable, out VirtualAddress address) ? address : null;
        }

        return _module.Symbols is { } symbols && symbols.TryFind(variable, out KernelSymbol? symbol) ? symbol.Address : null;
    }

    /// <summary>A type; kernels before 5.11 do not describe those of modules.</summary>
    /// <exception cref="UnknownTypeException">It is not described.</exception>
    internal KernelType Type(string type) =>
        (_module?.Types ?? _kernel.Types).TryFind(type, out KernelType? found) ? found
        : throw new UnknownTypeException($"neither the kernel nor its module {_name} describes {type}");
}
