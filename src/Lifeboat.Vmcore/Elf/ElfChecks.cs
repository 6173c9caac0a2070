using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Elf;

/// <summary>What an ELF file must be for its headers to be believed as a dump's.</summary>
internal static class ElfChecks
{
    /// <summary>What makes this no core dump that can be read; null when nothing does.</summary>
    internal static Diagnostic? Check(Elf64Header header)
    {
        if (header.Class != Elf64Header.Class64 || header.Data != Elf64Header.LittleEndian)
        {
            return new Diagnostic(VmcoreDiagnosticIds.Unsupported, "the dump is not of a 64-bit little-endian machine")
            {
                Where = $"e_ident, {new FileOffset(4)}",
                Found = $"class {header.Class}, data {header.Data}",
                Expected = "class 2, data 1",
            };
        }

        if (header.Type != Elf64Header.TypeCore)
        {
            return new Diagnostic(VmcoreDiagnosticIds.UnknownFormat, "the ELF file is not a core dump")
            {
                Where = $"e_type, {new FileOffset(16)}",
                Found = $"{header.Type}",
                Expected = "4 (ET_CORE)",
            };
        }

        if (header.ProgramHeaderSize != Elf64ProgramHeader.Size)
        {
            return new Diagnostic(VmcoreDiagnosticIds.BadHeader, "program headers have the wrong size")
            {
                Where = $"e_phentsize, {new FileOffset(54)}",
                Found = $"{header.ProgramHeaderSize}",
                Expected = $"{Elf64ProgramHeader.Size}",
            };
        }

        return null;
    }

    /// <summary>What makes a segment impossible; null when nothing does.</summary>
    /// <param name="header">The segment's header.</param>
    /// <param name="endOfMemory">One past the highest address that is believed.</param>
    internal static Diagnostic? Check(Elf64ProgramHeader header, ulong endOfMemory)
    {
        ulong memory = Math.Max(header.MemorySize, header.FileSize);
        if (header.PhysicalAddress > endOfMemory || memory > endOfMemory - header.PhysicalAddress)
        {
            return new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "a segment lies beyond the end of physical memory")
            {
                Where = "p_paddr and p_memsz of a program header",
                Found = $"0x{header.PhysicalAddress:x}, 0x{memory:x} bytes",
                Expected = $"an end of at most 0x{endOfMemory:x}",
            };
        }

        return header.Offset <= ulong.MaxValue - header.FileSize
            ? null
            : new Diagnostic(VmcoreDiagnosticIds.BadHeader, "a segment lies beyond the end of any file")
            {
                Where = "p_offset and p_filesz of a program header",
                Found = $"0x{header.Offset:x}, 0x{header.FileSize:x} bytes",
                Expected = "an end that 64 bits can hold",
            };
    }
}
