using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Elf;

/// <summary>The header of a 64-bit ELF file (<c>Elf64_Ehdr</c>, elf.h); little endian.</summary>
internal readonly record struct Elf64Header
{
    internal const int Size = 64;
    internal const ushort TypeCore = 4;
    internal const ushort MachineX64 = 62;

    /// <summary>e_phnum when the count does not fit; it is then sh_info of section 0 (PN_XNUM).</summary>
    internal const ushort ManyProgramHeaders = 0xffff;

    /// <summary>e_flags of a dump that makedumpfile did not finish (DUMP_ELF_INCOMPLETE).</summary>
    internal const uint IncompleteFlag = 1;

    private const byte Class64 = 2;
    private const byte LittleEndian = 1;

    internal byte Class { get; init; }

    internal byte Data { get; init; }

    internal ushort Type { get; init; }

    internal ushort Machine { get; init; }

    internal ulong ProgramHeaderOffset { get; init; }

    internal ulong SectionHeaderOffset { get; init; }

    internal uint Flags { get; init; }

    internal ushort ProgramHeaderSize { get; init; }

    internal ushort ProgramHeaderCount { get; init; }

    internal ushort SectionHeaderSize { get; init; }

    internal ushort SectionHeaderCount { get; init; }

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Whether a file that begins so is ELF of any kind.</summary>
    internal static bool IsElf(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out Elf64Header header)
    {
        header = default;
        if (bytes.Length < Size || !IsElf(bytes))
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        reader.Skip(4);
        byte elfClass = reader.ReadByte();
        byte data = reader.ReadByte();
        reader.Skip(10);
        ushort type = reader.ReadUInt16();
        ushort machine = reader.ReadUInt16();
        reader.Skip(4 + 8);
        ulong programHeaders = reader.ReadUInt64();
        ulong sectionHeaders = reader.ReadUInt64();
        uint flags = reader.ReadUInt32();
        reader.Skip(2);
        header = new Elf64Header
        {
            Class = elfClass,
            Data = data,
            Type = type,
            Machine = machine,
            ProgramHeaderOffset = programHeaders,
            SectionHeaderOffset = sectionHeaders,
            Flags = flags,
            ProgramHeaderSize = reader.ReadUInt16(),
            ProgramHeaderCount = reader.ReadUInt16(),
            SectionHeaderSize = reader.ReadUInt16(),
            SectionHeaderCount = reader.ReadUInt16(),
        };
        return true;
    }

    internal void WriteTo(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        var writer = new SpanWriter(bytes);
        writer.WriteBytes(Magic);
        writer.WriteByte(Class);
        writer.WriteByte(Data);
        writer.WriteByte(1);
        writer.Position = 16;
        writer.WriteUInt16(Type);
        writer.WriteUInt16(Machine);
        writer.WriteUInt32(1);
        writer.WriteUInt64(0);
        writer.WriteUInt64(ProgramHeaderOffset);
        writer.WriteUInt64(SectionHeaderOffset);
        writer.WriteUInt32(Flags);
        writer.WriteUInt16(Size);
        writer.WriteUInt16(ProgramHeaderSize);
        writer.WriteUInt16(ProgramHeaderCount);
        writer.WriteUInt16(SectionHeaderSize);
        writer.WriteUInt16(SectionHeaderCount);
    }

    /// <summary>What makes this no core dump that can be read; null when nothing does.</summary>
    internal Diagnostic? Validate()
    {
        if (Class != Class64 || Data != LittleEndian)
        {
            return new Diagnostic(VmcoreDiagnosticIds.Unsupported, "the dump is not of a 64-bit little-endian machine")
            {
                Where = $"e_ident, {new FileOffset(4)}",
                Found = $"class {Class}, data {Data}",
                Expected = "class 2, data 1",
            };
        }

        if (Type != TypeCore)
        {
            return new Diagnostic(VmcoreDiagnosticIds.UnknownFormat, "the ELF file is not a core dump")
            {
                Where = $"e_type, {new FileOffset(16)}",
                Found = $"{Type}",
                Expected = "4 (ET_CORE)",
            };
        }

        if (ProgramHeaderSize != Elf64ProgramHeader.Size)
        {
            return new Diagnostic(VmcoreDiagnosticIds.BadHeader, "program headers have the wrong size")
            {
                Where = $"e_phentsize, {new FileOffset(54)}",
                Found = $"{ProgramHeaderSize}",
                Expected = $"{Elf64ProgramHeader.Size}",
            };
        }

        return null;
    }
}
