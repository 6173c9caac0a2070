using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>Where the parts of the kernel's table of symbols are (kernel/kallsyms_internal.h).</summary>
internal sealed record KallsymsTables
{
    /// <summary>Symbols.</summary>
    internal required int Count { get; init; }

    /// <summary>The packed names, in the order of addresses.</summary>
    internal required VirtualAddress Names { get; init; }

    /// <summary>The strings that the bytes of a packed name stand for.</summary>
    internal required VirtualAddress TokenTable { get; init; }

    /// <summary>256 numbers of 16 bits: where in the table each byte's string begins.</summary>
    internal required VirtualAddress TokenIndex { get; init; }

    /// <summary>A number of 32 bits a symbol, which gives its address.</summary>
    internal required VirtualAddress Offsets { get; init; }

    /// <summary>What offsets count from; null (7.0 and later) when each counts from its own place.</summary>
    internal VirtualAddress? RelativeBase { get; init; }

    /// <summary>
    /// By VMCOREINFO (6.0 and later), or by a search of the image where that has nothing of them.
    /// </summary>
    /// <exception cref="DumpFormatException">They are not found, or beyond the limits.</exception>
    internal static KallsymsTables Find(AddressSpace space, Vmcoreinfo info, DumpLimits limits)
    {
        if (!info.TryGetSymbol("kallsyms_names", out VirtualAddress names)
            || !info.TryGetSymbol("kallsyms_num_syms", out VirtualAddress countAddress)
            || !info.TryGetSymbol("kallsyms_token_table", out VirtualAddress tokenTable)
            || !info.TryGetSymbol("kallsyms_token_index", out VirtualAddress tokenIndex)
            || !info.TryGetSymbol("kallsyms_offsets", out VirtualAddress offsets))
        {
            return KallsymsSearch.Find(space, info, limits) ?? throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.NoSymbols, "the kernel's table of symbols is not found")
                {
                    Where = "VMCOREINFO and the kernel's image",
                    Expected = "SYMBOL(kallsyms_names) and the keys beside it, or the table within the image",
                });
        }

        Span<byte> bytes = stackalloc byte[8];
        if (space.Read(countAddress, bytes[..4], out MemoryFault fault) < 4)
        {
            throw Unreadable("kallsyms_num_syms", fault);
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (count <= 0 || count > limits.MaxKernelSymbols)
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.BeyondLimit, "the kernel's number of symbols cannot be")
                {
                    Where = $"kallsyms_num_syms at {countAddress}",
                    Found = $"{unchecked((uint)count)}",
                    Expected = $"1 to {limits.MaxKernelSymbols}",
                });
        }

        VirtualAddress? relativeBase = null;
        if (info.TryGetSymbol("kallsyms_relative_base", out VirtualAddress baseAddress))
        {
            if (space.Read(baseAddress, bytes, out fault) < bytes.Length)
            {
                throw Unreadable("kallsyms_relative_base", fault);
            }

            relativeBase = new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        return new KallsymsTables
        {
            Count = count,
            Names = names,
            TokenTable = tokenTable,
            TokenIndex = tokenIndex,
            Offsets = offsets,
            RelativeBase = relativeBase,
        };
    }

    internal static DumpFormatException Unreadable(string what, MemoryFault fault) =>
        new(new Diagnostic(SymbolsDiagnosticIds.Unreadable, $"{what} cannot be read") { Found = fault.ToString() });
}
