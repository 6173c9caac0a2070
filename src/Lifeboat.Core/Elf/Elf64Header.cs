using Lifeboat.Core.IO;

namespace Lifeboat.Core.Elf;

/// <summary>The header of a 64-bit ELF file (<c>Elf64_Ehdr</c>, elf.h); little endian.</summary>
public readonly record struct Elf64Header
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 64;

    /// <summary>e_type of a core dump (ET_CORE).</summary>
    public const ushort TypeCore = 4;

    /// <summary>e_machine of x86-64 (EM_X86_64).</summary>
    public const ushort MachineX64 = 62;

    /// <summary>e_machine of arm64 (EM_AARCH64).</summary>
    public const ushort MachineArm64 = 183;

    /// <summary>e_phnum when the count does not fit; it is then sh_info of section 0 (PN_XNUM).</summary>
    public const ushort ManyProgramHeaders = 0xffff;

    /// <summary>e_flags of a dump that makedumpfile did not finish (DUMP_ELF_INCOMPLETE).</summary>
    public const uint IncompleteFlag = 1;

    /// <summary>EI_CLASS of 64 bit.</summary>
    public const byte Class64 = 2;

    /// <summary>EI_DATA of little endian.</summary>
    public const byte LittleEndian = 1;

    /// <summary>The class: 2 is 64 bit (EI_CLASS).</summary>
    public byte Class { get; init; }

    /// <summary>The byte order: 1 is little endian (EI_DATA).</summary>
    public byte Data { get; init; }

    /// <summary>The kind of file (e_type).</summary>
    public ushort Type { get; init; }

    /// <summary>The machine (e_machine).</summary>
    public ushort Machine { get; init; }

    /// <summary>Where the program headers begin in the file (e_phoff).</summary>
    public ulong ProgramHeaderOffset { get; init; }

    /// <summary>Where the section headers begin in the file (e_shoff).</summary>
    public ulong SectionHeaderOffset { get; init; }

    /// <summary>Flags (e_flags).</summary>
    public uint Flags { get; init; }

    /// <summary>Bytes of a program header (e_phentsize).</summary>
    public ushort ProgramHeaderSize { get; init; }

    /// <summary>Program headers (e_phnum).</summary>
    public ushort ProgramHeaderCount { get; init; }

    /// <summary>Bytes of a section header (e_shentsize).</summary>
    public ushort SectionHeaderSize { get; init; }

    /// <summary>Section headers (e_shnum).</summary>
    public ushort SectionHeaderCount { get; init; }

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Whether a file that begins so is ELF of any kind.</summary>
    public static bool IsElf(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads a header; false when there are too few bytes or they are no ELF.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Elf64Header header)
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

    /// <summary>Writes the header to the first bytes of a span.</summary>
    public void WriteTo(Span<byte> bytes)
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
}
