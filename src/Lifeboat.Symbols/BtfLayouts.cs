using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols;

/// <summary>Layouts of the dumped kernel's types by its own description of them (BTF).</summary>
/// <remarks>
/// <para><b>Memory.</b> Made for a capture kernel: under 2 MiB, pages are read again rather than kept.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class BtfLayouts : IKernelLayouts
{
    private const int KeptPieces = 64;

    private readonly Btf _types;

    /// <summary>Layouts by types that were opened already.</summary>
    public BtfLayouts(Btf types)
    {
        ArgumentNullException.ThrowIfNull(types);
        _types = types;
    }

    /// <summary>
    /// Opens them out of a dump; null when it has none, or what leads to them is damaged or left out.
    /// </summary>
    public static IKernelLayouts? Open(DumpSource dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        try
        {
            var space = AddressSpace.OpenKernel(dump);
            var symbols = KernelSymbols.Open(space, dump.Vmcoreinfo, DumpLimits.Default, KeptPieces);
            return new BtfLayouts(Btf.Open(space, symbols, DumpLimits.Default, KeptPieces));
        }
        catch (DumpFormatException)
        {
            // Whoever asks says what was not known, and what follows from it.
            return null;
        }
    }

    /// <inheritdoc/>
    public bool TryGetOffset(string structure, string member, out int bytes)
    {
        bytes = 0;
        try
        {
            if (!TryFindStructure(structure, out BtfType? type)
                || !_types.TryFindMember(type, member, out BtfMember? found)
                || found.BitOffset % 8 != 0 || found.ByteOffset > int.MaxValue)
            {
                return false;
            }

            bytes = (int)found.ByteOffset;
            return true;
        }
        catch (DumpFormatException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryGetSize(string structure, out int bytes)
    {
        bytes = 0;
        try
        {
            if (!TryFindStructure(structure, out BtfType? type) || type.Size.Value > int.MaxValue)
            {
                return false;
            }

            bytes = (int)type.Size.Value;
            return true;
        }
        catch (DumpFormatException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryGetEnumerator(string name, out long value)
    {
        value = 0;
        try
        {
            bool isFound = _types.TryFindEnumerator(name, out BtfEnumerator? enumerator);
            value = enumerator?.Value ?? 0;
            return isFound;
        }
        catch (DumpFormatException)
        {
            return false;
        }
    }

    /// <summary>By its tag, or by a typedef (<c>nodemask_t</c>).</summary>
    private bool TryFindStructure(string name, [NotNullWhen(true)] out BtfType? structure)
    {
        if (_types.TryFind(name, BtfKind.Struct, out structure) || _types.TryFind(name, BtfKind.Union, out structure))
        {
            return true;
        }

        structure = _types.TryFind(name, BtfKind.Typedef, out BtfType? alias) ? _types.Resolve(alias.Id) : null;
        return structure is { IsStructure: true };
    }
}
