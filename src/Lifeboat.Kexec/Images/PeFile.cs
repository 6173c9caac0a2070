using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>The section table of a PE file, the format of EFI programs. Source: the PE/COFF specification.</summary>
internal static class PeFile
{
    private const int HeaderPointerField = 0x3c;
    private const int FileHeaderSize = 24;
    private const int SectionHeaderSize = 40;

    /// <summary>The most sections that are believed; a UKI with many device trees has some dozens.</summary>
    private const int MaxSections = 1024;

    /// <summary>Whether the file is one.</summary>
    internal static bool Matches(ReadOnlySpan<byte> file) => FindHeader(file) >= 0;

    /// <summary>The sections, in the order of the table.</summary>
    /// <exception cref="DiagnosticException">The table does not lie in the file, or is impossibly long.</exception>
    internal static IReadOnlyList<PeSection> ReadSections(ReadOnlySpan<byte> file, string name)
    {
        int header = FindHeader(file);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[(header + 6)..]);
        int table = header + FileHeaderSize + BinaryPrimitives.ReadUInt16LittleEndian(file[(header + 20)..]);
        if (count > MaxSections)
        {
            throw ImageRefusal.Damaged("The EFI program has more sections than is believed",
                $"{name}, NumberOfSections at 0x{header + 6:x}", $"{count}", $"at most {MaxSections}");
        }

        if (table + ((long)count * SectionHeaderSize) > file.Length)
        {
            throw ImageRefusal.Truncated("The section table of the EFI program reaches past the file",
                $"{name}, NumberOfSections at 0x{header + 6:x}", $"{count} sections from 0x{table:x} on",
                $"an end at or before 0x{file.Length:x}");
        }

        var sections = new List<PeSection>(count);
        for (int i = 0; i < count; i++)
        {
            int at = table + (i * SectionHeaderSize);
            ReadOnlySpan<byte> section = file.Slice(at, SectionHeaderSize);
            uint virtualSize = BinaryPrimitives.ReadUInt32LittleEndian(section[8..]);
            uint rawSize = BinaryPrimitives.ReadUInt32LittleEndian(section[16..]);
            sections.Add(new PeSection(
                Encoding.Latin1.GetString(section[..8]).TrimEnd('\0'),
                at,
                BinaryPrimitives.ReadUInt32LittleEndian(section[20..]),
                Math.Min(virtualSize, rawSize)));
        }

        return sections;
    }

    /// <summary>The bytes of a section.</summary>
    /// <exception cref="DiagnosticException">They reach past the file.</exception>
    internal static ReadOnlyMemory<byte> ContentOf(PeSection section, ReadOnlyMemory<byte> file, string name) =>
        (ulong)section.Offset + section.Size <= (ulong)file.Length
            ? file.Slice((int)section.Offset, (int)section.Size)
            : throw ImageRefusal.Truncated("A section of the unified kernel image reaches past the file",
                $"{name}, PointerToRawData of {section.Name} at 0x{section.HeaderOffset + 20:x}",
                $"an end at 0x{(ulong)section.Offset + section.Size:x}", $"at most 0x{file.Length:x}");

    private static int FindHeader(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("MZ"u8) || file.Length < HeaderPointerField + 4)
        {
            return -1;
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(file[HeaderPointerField..]);
        return (ulong)header + FileHeaderSize <= (ulong)file.Length && file[(int)header..].StartsWith("PE\0\0"u8)
            ? (int)header
            : -1;
    }
}
