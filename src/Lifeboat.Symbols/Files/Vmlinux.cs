using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore;

namespace Lifeboat.Symbols.Files;

/// <summary>A vmlinux, the kernel's image as an ELF file: its symbols and types, for dumps that lack their own.</summary>
/// <remarks>
/// <para><b>Construction.</b> Reads section headers and the build id, which must be that of the dump's kernel.</para>
/// <para><b>What is read.</b> <c>.symtab</c> and <c>.BTF</c>; debugging information (DWARF) is not.</para>
/// <para><b>Ownership.</b> Disposing it closes the file; symbols and types that were read stay.</para>
/// </remarks>
public sealed class Vmlinux : IDisposable
{
    private const int SymbolSize = 24; // Elf64_Sym
    private const int MostSymbolBytes = 256 << 20;
    private const ushort AbsoluteSection = 0xfff1; // SHN_ABS
    private const ushort FirstReservedSection = 0xff00;
    private const int SectionKind = 3; // STT_SECTION
    private const int FileKind = 4; // STT_FILE
    private const ulong KernelHalf = 1UL << 63;

    private readonly VmlinuxSections _sections;
    private readonly Vmcoreinfo _info;
    private readonly DumpLimits _limits;

    private Vmlinux(VmlinuxSections sections, Vmcoreinfo info, DumpLimits limits) =>
        (_sections, _info, _limits) = (sections, info, limits);

    /// <summary>Opens the file of a dump's kernel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="info">What the kernel exported: its build id, and how far KASLR moved it.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">
    /// It is no vmlinux, or not that of the dump's kernel: its build id is another, or the dump names none.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Vmlinux Open(string path, Vmcoreinfo info, DumpLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(info);
        VmlinuxSections sections = VmlinuxSections.Open(path);
        try
        {
            string? found = sections.BuildId;
            if (!info.TryGetText("BUILD-ID", out string? expected) || found != expected)
            {
                throw new DumpFormatException(
                    new Diagnostic(SymbolsDiagnosticIds.OtherKernel, "the vmlinux is that of another kernel")
                    {
                        Where = $"the build id of {path}",
                        Found = found ?? "none",
                        Expected = expected is null ? "one that the dump says, which names none (BUILD-ID in VMCOREINFO, from 5.9 on)"
                            : $"{expected}, as the dump says ({info.OsRelease})",
                        Remedy = "give the vmlinux of exactly that build",
                    });
            }

            return new Vmlinux(sections, info, limits ?? DumpLimits.Default);
        }
        catch
        {
            sections.Dispose();
            throw;
        }
    }

    /// <summary>Its symbols where the dump's kernel had them.</summary>
    /// <exception cref="DumpFormatException">There are none, or they are damaged.</exception>
    public KernelSymbols ReadSymbols()
    {
        byte[] table = _sections.Read(".symtab", MostSymbolBytes) ?? throw Missing(".symtab", SymbolsDiagnosticIds.NoSymbols);
        byte[] strings = _sections.Read(".strtab", MostSymbolBytes) ?? throw Missing(".strtab", SymbolsDiagnosticIds.NoSymbols);
        var addresses = new List<ulong>();
        var types = new List<char>();
        var names = new List<string>();
        ulong moved = _info.KernelOffset.Value;
        for (int at = 0; at <= table.Length - SymbolSize && addresses.Count < _limits.MaxKernelSymbols; at += SymbolSize)
        {
            ReadOnlySpan<byte> entry = table.AsSpan(at, SymbolSize);
            ushort section = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            int kind = entry[4] & 0xf;
            bool isDefined = section is not 0 && (section < FirstReservedSection || section == AbsoluteSection);
            if (!isDefined || kind is SectionKind or FileKind
                || !TryName(strings, BinaryPrimitives.ReadUInt32LittleEndian(entry), out string name))
            {
                continue;
            }

            // Neither absolute symbols nor variables of CPUs that count from 0 are moved.
            bool isMoved = address >= KernelHalf && section != AbsoluteSection;
            addresses.Add(isMoved ? unchecked(address + moved) : address);
            names.Add(name);
            types.Add(TypeOf(section, kind, isLocal: entry[4] >> 4 == 0));
        }

        var symbols = new KernelSymbols(new ListedSymbols([.. addresses], [.. types], [.. names]));
        SystemMap.Check(symbols, _sections.Path, _info);
        return symbols;
    }

    /// <summary>Its types; null when it has none (a kernel without CONFIG_DEBUG_INFO_BTF).</summary>
    /// <exception cref="DumpFormatException">They are damaged.</exception>
    public Btf? ReadTypes() => _sections.Read(".BTF", _limits.MaxTypeBytes) is { } content ? Btf.Parse(content, limits: _limits) : null;

    /// <inheritdoc/>
    public void Dispose() => _sections.Dispose();

    private bool TryName(byte[] strings, uint offset, out string name)
    {
        name = "";
        if (offset >= strings.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = strings.AsSpan((int)offset);
        rest = rest[..Math.Min(rest.Length, _limits.MaxSymbolNameLength)];
        int end = rest.IndexOf((byte)0);

        // $x and $d tell the disassembler of arm64 code from data.
        if (end <= 0 || rest[0] == '$')
        {
            return false;
        }

        name = Encoding.Latin1.GetString(rest[..end]);
        return true;
    }

    private char TypeOf(ushort section, int kind, bool isLocal)
    {
        const int Function = 2; // STT_FUNC
        char type = section == AbsoluteSection ? 'A' : kind == Function || _sections.IsCode(section) ? 'T'
            : _sections.IsWritable(section) ? 'D' : 'R';
        return isLocal ? char.ToLowerInvariant(type) : type;
    }

    private DumpFormatException Missing(string section, DiagnosticId id) =>
        new(new Diagnostic(id, $"the vmlinux has no section {section}")
        {
            Where = _sections.Path,
            Expected = "a vmlinux that is not stripped",
        });
}
