using Lifeboat.Core.IO;

namespace Lifeboat.Core.Elf;

/// <summary>A program header of a 64-bit ELF file (<c>Elf64_Phdr</c>, elf.h); little endian.</summary>
public readonly record struct Elf64ProgramHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 56;

    /// <summary>p_type of memory (PT_LOAD).</summary>
    public const uint TypeLoad = 1;

    /// <summary>p_type of notes (PT_NOTE).</summary>
    public const uint TypeNote = 4;

    /// <summary>p_flags of memory that may be read, written and executed.</summary>
    public const uint ReadWriteExecute = 7;

    /// <summary>The kind (p_type).</summary>
    public uint Type { get; init; }

    /// <summary>Permissions (p_flags).</summary>
    public uint Flags { get; init; }

    /// <summary>Where the content begins in the file (p_offset).</summary>
    public ulong Offset { get; init; }

    /// <summary>Its virtual address (p_vaddr).</summary>
    public ulong VirtualAddress { get; init; }

    /// <summary>Its physical address (p_paddr).</summary>
    public ulong PhysicalAddress { get; init; }

    /// <summary>Bytes in the file (p_filesz).</summary>
    public ulong FileSize { get; init; }

    /// <summary>Bytes in memory (p_memsz).</summary>
    public ulong MemorySize { get; init; }

    /// <summary>The alignment (p_align).</summary>
    public ulong Alignment { get; init; }

    /// <summary>Reads a header; false when there are too few bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Elf64ProgramHeader header)
    {
        header = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        header = new Elf64ProgramHeader
        {
            Type = reader.ReadUInt32(),
            Flags = reader.ReadUInt32(),
            Offset = reader.ReadUInt64(),
            VirtualAddress = reader.ReadUInt64(),
            PhysicalAddress = reader.ReadUInt64(),
            FileSize = reader.ReadUInt64(),
            MemorySize = reader.ReadUInt64(),
            Alignment = reader.ReadUInt64(),
        };
        return true;
    }

    /// <summary>Writes the header to the first bytes of a span.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt32(Type);
        writer.WriteUInt32(Flags);
        writer.WriteUInt64(Offset);
        writer.WriteUInt64(VirtualAddress);
        writer.WriteUInt64(PhysicalAddress);
        writer.WriteUInt64(FileSize);
        writer.WriteUInt64(MemorySize);
        writer.WriteUInt64(Alignment);
    }
}
