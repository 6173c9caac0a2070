using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel;

/// <summary>A place in a function or variable of the kernel.</summary>
/// <param name="Symbol">The function or variable.</param>
/// <param name="Offset">How far into it the place is.</param>
/// <param name="Module">The module it is of; null for the kernel's image.</param>
public sealed record SymbolPlace(KernelSymbol Symbol, ByteCount Offset, KernelModule? Module)
{
    /// <summary>As the kernel writes it: <c>do_exit+0x1c/0x940</c>, with <c>[ext4]</c> behind a module's.</summary>
    public override string ToString()
    {
        string module = Module is null ? "" : $" [{Module.Name}]";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Symbol.Name}+0x{Offset.Value:x}/0x{Symbol.Size.Value:x}{module}");
    }
}
