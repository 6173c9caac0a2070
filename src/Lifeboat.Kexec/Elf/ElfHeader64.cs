using Lifeboat.Core.IO;

namespace Lifeboat.Kexec.Elf;

/// <summary>The header of a little-endian 64-bit ELF core file for x86-64 (Elf64_Ehdr), as far as it varies here.</summary>
internal readonly record struct ElfHeader64
{
    public const int Size = 64;
    private const ushort CoreFile = 4;
    private const ushort X8664 = 62;

    /// <summary>Where the program headers begin (e_phoff).</summary>
    public ulong ProgramHeaderOffset { get; init; }

    /// <summary>How many there are (e_phnum).</summary>
    public ushort ProgramHeaderCount { get; init; }

    /// <summary>Reads a header; false when it is no 64-bit little-endian core file.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ElfHeader64 header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith("\x7f"u8) || !bytes[1..].StartsWith("ELF\x02\x01"u8))
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        reader.Skip(16);
        ushort type = reader.ReadUInt16();
        reader.Skip(2 + 4 + 8);
        ulong offset = reader.ReadUInt64();
        reader.Skip(8 + 4 + 2);
        ushort entrySize = reader.ReadUInt16();
        header = new ElfHeader64 { ProgramHeaderOffset = offset, ProgramHeaderCount = reader.ReadUInt16() };
        return type == CoreFile && entrySize == ElfProgramHeader64.Size;
    }

    public void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteBytes([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.WriteUInt16(CoreFile);
        writer.WriteUInt16(X8664);
        writer.WriteUInt32(1);
        writer.WriteUInt64(0);
        writer.WriteUInt64(ProgramHeaderOffset);
        writer.WriteUInt64(0);
        writer.WriteUInt32(0);
        writer.WriteUInt16(Size);
        writer.WriteUInt16(ElfProgramHeader64.Size);
        writer.WriteUInt16(ProgramHeaderCount);
        writer.WriteUInt16(0);
        writer.WriteUInt16(0);
        writer.WriteUInt16(0);
    }
}
