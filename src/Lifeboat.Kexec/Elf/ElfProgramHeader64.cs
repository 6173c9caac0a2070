using Lifeboat.Core.IO;

namespace Lifeboat.Kexec.Elf;

/// <summary>One part of an ELF file (Elf64_Phdr).</summary>
internal readonly record struct ElfProgramHeader64
{
    public const int Size = 56;

    /// <summary>p_type of memory.</summary>
    public const uint Load = 1;

    /// <summary>p_type of notes.</summary>
    public const uint Note = 4;

    /// <summary>p_flags of memory that may be read, written and executed.</summary>
    public const uint ReadWriteExecute = 7;

    public uint Type { get; init; }
    public uint Flags { get; init; }
    public ulong Offset { get; init; }
    public ulong VirtualAddress { get; init; }
    public ulong PhysicalAddress { get; init; }
    public ulong FileSize { get; init; }
    public ulong MemorySize { get; init; }
    public ulong Alignment { get; init; }

    /// <summary>Reads a header; false when there are too few bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ElfProgramHeader64 header)
    {
        header = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        header = new ElfProgramHeader64
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
