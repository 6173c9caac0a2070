using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>An ELF file of 32 or 64 bit as a loader sees it: its entry and its PT_LOAD segments. Source: elf.h.</summary>
internal sealed record ElfProgram
{
    /// <summary>e_machine of x86 of 32 bit (EM_386).</summary>
    internal const ushort MachineX86 = 3;

    /// <summary>The most PT_LOADs that are believed; kexec itself takes 16 segments.</summary>
    private const int MaxSegments = 64;

    /// <summary>A processor's physical addresses have at most 52 bits.</summary>
    private const ulong HighestAddress = 1UL << 52;

    private const uint TypeLoad = Elf64ProgramHeader.TypeLoad;
    private const int Header32Size = 52;
    private const int ProgramHeader32Size = 32;

    /// <summary>Whether it is a file of 64 bit (EI_CLASS).</summary>
    internal required bool Is64Bit { get; init; }

    /// <summary>The kind of file (e_type).</summary>
    internal required ushort Type { get; init; }

    /// <summary>The machine (e_machine).</summary>
    internal required ushort Machine { get; init; }

    /// <summary>The first instruction (e_entry).</summary>
    internal required ulong Entry { get; init; }

    /// <summary>What is loaded, ascending by physical address, none overlapping another.</summary>
    internal required IReadOnlyList<ImageSegment> Segments { get; init; }

    /// <summary>Reads the headers and holds them against the file's size.</summary>
    /// <exception cref="DiagnosticException">A field is wrong.</exception>
    internal static ElfProgram Read(ReadOnlyMemory<byte> file, string name)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        bool wide = bytes.Length > 4 && bytes[4] == Elf64Header.Class64;
        if (bytes.Length < (wide ? Elf64Header.Size : Header32Size))
        {
            throw ImageRefusal.Truncated("The ELF file ends in its header",
                name, $"{bytes.Length} bytes", $"at least {(wide ? Elf64Header.Size : Header32Size)}");
        }

        if (bytes[4] is not (1 or Elf64Header.Class64))
        {
            throw ImageRefusal.Damaged("The ELF file is of no known class",
                $"{name}, EI_CLASS at 0x4", $"{bytes[4]}", "1 (32 bit) or 2 (64 bit)");
        }

        if (bytes[5] != Elf64Header.LittleEndian)
        {
            throw ImageRefusal.Foreign("The ELF file is not for a little-endian machine",
                $"{name}, EI_DATA at 0x5", $"{bytes[5]}", "1 (little endian)");
        }

        return new ElfProgram
        {
            Is64Bit = wide,
            Type = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x10..]),
            Machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x12..]),
            Entry = Word(bytes, 0x18, wide),
            Segments = ReadSegments(file, name, wide),
        };
    }

    /// <summary>Tells when there is nothing to load.</summary>
    /// <exception cref="DiagnosticException">There is not.</exception>
    internal void RequireSegments(string name)
    {
        if (Segments.Count == 0)
        {
            throw ImageRefusal.Damaged("The ELF file has nothing to load",
                $"{name}, e_phnum at 0x{(Is64Bit ? 0x38 : 0x2c):x}", "no PT_LOAD", "at least one");
        }
    }

    /// <summary>The segment that has the physical address among the bytes that the file holds; null for none.</summary>
    internal ImageSegment? HolderOf(ulong address)
    {
        foreach (ImageSegment segment in Segments)
        {
            if (address >= segment.Start.Value && address - segment.Start.Value < (ulong)segment.Content.Length)
            {
                return segment;
            }
        }

        return null;
    }

    private static List<ImageSegment> ReadSegments(ReadOnlyMemory<byte> file, string name, bool wide)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        ulong table = Word(bytes, wide ? 0x20 : 0x1c, wide);
        int sizeField = wide ? 0x36 : 0x2a;
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[sizeField..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(sizeField + 2)..]);
        int expected = wide ? Elf64ProgramHeader.Size : ProgramHeader32Size;
        if (size != expected && count > 0)
        {
            throw ImageRefusal.Damaged("The program headers of the ELF file have an impossible size",
                $"{name}, e_phentsize at 0x{sizeField:x}", $"{size}", $"{expected}");
        }

        if (table > (ulong)bytes.Length || (ulong)(count * expected) > (ulong)bytes.Length - table)
        {
            throw ImageRefusal.Truncated("The program headers of the ELF file reach past its end",
                $"{name}, e_phoff at 0x{(wide ? 0x20 : 0x1c):x}", $"{count} headers from 0x{table:x} on",
                $"an end at or before 0x{bytes.Length:x}");
        }

        var segments = new List<ImageSegment>();
        for (int i = 0; i < count; i++)
        {
            int at = (int)table + (i * expected);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) == TypeLoad
                && ReadSegment(file, at, name, wide) is { } segment)
            {
                segments.Add(segment);
            }

            if (segments.Count > MaxSegments)
            {
                throw ImageRefusal.Damaged("The ELF file has more segments than is believed",
                    $"{name}, e_phnum at 0x{sizeField + 2:x}", $"more than {MaxSegments} PT_LOAD", $"at most {MaxSegments}");
            }
        }

        RequireOrder(segments, name);
        return segments;
    }

    private static ImageSegment? ReadSegment(ReadOnlyMemory<byte> file, int at, string name, bool wide)
    {
        ReadOnlySpan<byte> header = file.Span[at..];
        ulong offset = Word(header, wide ? 8 : 4, wide);
        ulong physical = Word(header, wide ? 24 : 12, wide);
        ulong fileSize = Word(header, wide ? 32 : 16, wide);
        ulong memorySize = Word(header, wide ? 40 : 20, wide);
        if (memorySize == 0)
        {
            return null;
        }

        if (fileSize > memorySize)
        {
            throw ImageRefusal.Damaged("A segment of the ELF file is larger than the memory it takes",
                $"{name}, p_filesz at 0x{at + (wide ? 32 : 16):x}", $"0x{fileSize:x}", $"at most p_memsz 0x{memorySize:x}");
        }

        if (offset > (ulong)file.Length || fileSize > (ulong)file.Length - offset)
        {
            throw ImageRefusal.Truncated("A segment of the ELF file reaches past its end",
                $"{name}, p_offset at 0x{at + (wide ? 8 : 4):x}", $"0x{fileSize:x} bytes from 0x{offset:x} on",
                $"an end at or before 0x{file.Length:x}");
        }

        if (physical >= HighestAddress || memorySize > HighestAddress - physical)
        {
            throw ImageRefusal.Damaged("A segment of the ELF file lies above all physical memory",
                $"{name}, p_paddr at 0x{at + (wide ? 24 : 12):x}", $"0x{memorySize:x} bytes from 0x{physical:x} on",
                "an end below 4 PiB");
        }

        return new ImageSegment(
            new PhysicalAddress(physical), file.Slice((int)offset, (int)fileSize), new ByteCount(memorySize))
        {
            VirtualStart = Word(header, wide ? 16 : 8, wide),
            HeaderOffset = at,
        };
    }

    private static void RequireOrder(List<ImageSegment> segments, string name)
    {
        segments.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        for (int i = 1; i < segments.Count; i++)
        {
            if (segments[i - 1].End > segments[i].Start)
            {
                throw ImageRefusal.Damaged("Two segments of the ELF file overlap in memory",
                    $"{name}, program header at 0x{segments[i].HeaderOffset:x}", $"a start at {segments[i].Start}",
                    $"at or above {segments[i - 1].End}");
            }
        }
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at, bool wide) => wide
        ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
