using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>
/// The kernel's tables of how to unwind its own code (ORC, arch/x86/kernel/unwind_orc.c) and that of its modules, out
/// of the dumped memory.
/// </summary>
/// <remarks>
/// <para><b>Construction.</b> A sample of entries is read to find out their format, and the list of modules. Everything
/// else is read page by page when an address is looked up.</para>
/// <para><b>Damage.</b> What cannot be read is not found; nothing throws after construction.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class OrcTable
{
    // From here on modules and generated code (BPF, trampolines) lie; the last 16 MiB are not for code.
    private const ulong CodeStart = 0xffff_ffff_8000_0000;
    private const ulong CodeEnd = 0xffff_ffff_ff00_0000;

    private readonly AddressSpace _space;
    private readonly OrcSection _section;
    private readonly List<ModuleCode> _modules;
    private readonly TypeOffsets _offsets;
    private readonly CodeRange _text;
    private readonly CodeRange _initText;
    private readonly CodeRange _image;

    private OrcTable(
        AddressSpace space, KernelSymbols symbols, TypeOffsets offsets, OrcSection section, DumpLimits limits)
    {
        _space = space;
        _offsets = offsets;
        _section = section;
        var finder = new OrcFormatFinder(space, symbols, offsets.Types);
        Format = finder.Find(section);
        Evidence = finder.Evidence;
        var list = ModuleList.Read(space, symbols, offsets, limits);
        _modules = list?.Modules ?? [];
        ModuleDamage = list is null ? "the kernel's types do not say where its modules are" : list.Damage;
        _text = CodeRange.Find(symbols, "_stext", "_etext");
        _initText = CodeRange.Find(symbols, "_sinittext", "_einittext");
        _image = CodeRange.Find(symbols, "_text", "_end");
    }

    /// <summary>How the entries are laid out.</summary>
    public OrcFormat Format { get; }

    /// <summary>What says so, for a person.</summary>
    public string Evidence { get; }

    /// <summary>Entries of the kernel's own table.</summary>
    public int Count => _section.Count;

    /// <summary>The loaded modules' code; those without a table too.</summary>
    public IReadOnlyList<ModuleCode> Modules => _modules;

    /// <summary>Why modules are missing; null when all were found.</summary>
    public string? ModuleDamage { get; }

    /// <summary>Finds the tables.</summary>
    /// <param name="space">The kernel's memory.</param>
    /// <param name="symbols">The kernel's symbols.</param>
    /// <param name="types">The kernel's types; without them there are no modules' tables.</param>
    /// <param name="limits">What to believe; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">There is no table, or it is of no known format.</exception>
    public static OrcTable Open(AddressSpace space, KernelSymbols symbols, Btf? types, DumpLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(symbols);
        limits ??= DumpLimits.Default;
        if (!symbols.TryFindAddress("__start_orc_unwind_ip", out VirtualAddress start)
            || !symbols.TryFindAddress("__stop_orc_unwind_ip", out VirtualAddress stop)
            || !symbols.TryFindAddress("__start_orc_unwind", out VirtualAddress entries))
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.NoUnwindTable, "the kernel has no table to unwind stacks by (ORC)")
                {
                    Where = "the kernel's symbols",
                    Expected = "__start_orc_unwind_ip, __stop_orc_unwind_ip and __start_orc_unwind",
                    Found = symbols.Fault == MemoryFault.None ? null : symbols.Fault.ToString(),
                });
        }

        ulong count = stop.Value > start.Value ? (stop.Value - start.Value) / sizeof(int) : 0;
        if (count == 0 || count > (ulong)limits.MaxUnwindEntries)
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.BeyondLimit, "the kernel's unwind table is too small or too large")
                {
                    Where = $"{start}",
                    Found = $"{count} entries",
                    Expected = $"1 to {limits.MaxUnwindEntries}",
                });
        }

        return new OrcTable(
            space, symbols, new TypeOffsets(types), new OrcSection(space, start, entries, (int)count), limits);
    }

    /// <summary>Whether an address lies in the code of the kernel or of a module.</summary>
    public bool IsText(VirtualAddress address) => _text.Holds(address) || FindModule(address) is not null;

    /// <summary>
    /// Whether an address may be code: <see cref="IsText"/>, code that is run once at boot, or code that was generated
    /// and lies in mapped memory beside the modules.
    /// </summary>
    internal bool MayBeCode(VirtualAddress address) => IsText(address) || _initText.Holds(address)
        || (address.Value >= CodeStart && address.Value < CodeEnd && !_image.Holds(address)
            && _space.TryTranslate(address, out _, out _, out _));

    /// <summary>Offsets by some types, those looked up already where the types are the same.</summary>
    internal TypeOffsets OffsetsOf(Btf? types) =>
        ReferenceEquals(types, _offsets.Types) ? _offsets : new TypeOffsets(types);

    /// <summary>The entry for an address.</summary>
    /// <param name="address">The instruction.</param>
    /// <param name="entry">How to unwind it.</param>
    /// <param name="fault">Why it could not be read; none when there is no entry.</param>
    internal bool TryFind(VirtualAddress address, out OrcEntry entry, out MemoryFault fault)
    {
        (entry, fault) = (default, MemoryFault.None);
        bool isKernels = _text.Holds(address) || _initText.Holds(address);
        OrcSection? section = isKernels ? _section : FindModule(address)?.Section;
        if (section is null)
        {
            return false;
        }

        if (!section.TryFind(address, out ReadOnlySpan<byte> bytes))
        {
            fault = section.Fault;
            return false;
        }

        entry = OrcEntry.Parse(bytes, Format);
        return true;
    }

    private ModuleCode? FindModule(VirtualAddress address)
    {
        if (address.Value < CodeStart)
        {
            return null;
        }

        foreach (ModuleCode module in _modules)
        {
            if (module.Holds(address))
            {
                return module;
            }
        }

        return null;
    }
}
