using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>What a place in the code is called.</summary>
/// <param name="Address">The place.</param>
/// <param name="Symbol">The function; null when none is known.</param>
/// <param name="Offset">Bytes from the function's start.</param>
/// <param name="Module">The module that it is in; null for the kernel itself.</param>
public sealed record FrameName(VirtualAddress Address, KernelSymbol? Symbol, ByteCount Offset, string? Module)
{
    /// <summary>
    /// As the kernel writes it: <c>schedule+0x5a/0xd0</c>, <c>ext4_sync+0x10/0x40 [ext4]</c>, or the address.
    /// </summary>
    public override string ToString()
    {
        string place = Symbol is null ? $"{Address}" : $"{Symbol.Name}+0x{Offset.Value:x}/0x{Symbol.Size.Value:x}";
        return Module is null ? place : $"{place} [{Module}]";
    }
}
