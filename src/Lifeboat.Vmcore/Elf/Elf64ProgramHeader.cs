using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;

namespace Lifeboat.Vmcore.Elf;

/// <summary>A program header of a 64-bit ELF file (<c>Elf64_Phdr</c>, elf.h); little endian.</summary>
internal readonly record struct Elf64ProgramHeader
{
    internal const int Size = 56;
    internal const uint TypeLoad = 1;
    internal const uint TypeNote = 4;

    internal uint Type { get; init; }

    internal uint Flags { get; init; }

    internal ulong Offset { get; init; }

    internal ulong VirtualAddress { get; init; }

    internal ulong PhysicalAddress { get; init; }

    internal ulong FileSize { get; init; }

    internal ulong MemorySize { get; init; }

    internal ulong Alignment { get; init; }

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out Elf64ProgramHeader header)
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

    internal void WriteTo(Span<byte> bytes)
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

    /// <summary>What makes a segment impossible; null when nothing does.</summary>
    /// <param name="endOfMemory">One past the highest address that is believed.</param>
    internal Diagnostic? Validate(ulong endOfMemory)
    {
        ulong memory = Math.Max(MemorySize, FileSize);
        if (PhysicalAddress > endOfMemory || memory > endOfMemory - PhysicalAddress)
        {
            return new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "a segment lies beyond the end of physical memory")
            {
                Where = $"physical address 0x{PhysicalAddress:x}, 0x{memory:x} bytes",
                Expected = $"an end of at most 0x{endOfMemory:x}",
            };
        }

        return Offset <= ulong.MaxValue - FileSize
            ? null
            : new Diagnostic(VmcoreDiagnosticIds.BadHeader, "a segment lies beyond the end of any file")
            {
                Where = $"file offset 0x{Offset:x}, 0x{FileSize:x} bytes",
            };
    }
}
