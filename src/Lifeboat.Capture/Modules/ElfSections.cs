using System.Buffers.Binary;

namespace Lifeboat.Capture.Modules;

/// <summary>Finds sections and program headers of a little-endian ELF64 file, believing none of its numbers.</summary>
public static class ElfSections
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const uint ProgramInterpreter = 3;
    private const uint SectionWithoutBytes = 8;

    private static ReadOnlySpan<byte> Identification => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Whether it starts as a little-endian ELF64 file does.</summary>
    internal static bool IsElf64(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderSize && file.StartsWith(Identification);

    /// <summary>Whether a program asks for a dynamic loader (PT_INTERP); false when the headers cannot be read.</summary>
    internal static bool HasInterpreter(ReadOnlySpan<byte> file)
    {
        if (!IsElf64(file))
        {
            return false;
        }

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        for (int index = 0; index < count; index++)
        {
            if (!TrySlice(file, table, (ulong)index * ProgramHeaderSize, ProgramHeaderSize, out ReadOnlySpan<byte> header))
            {
                return false;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == ProgramInterpreter)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The bytes of the first section called <paramref name="name"/>; false when there is none within the file.</summary>
    public static bool TryFind(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!IsElf64(file))
        {
            return false;
        }

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(file[40..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(file[58..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[60..]);
        int namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(file[62..]);
        if (entrySize != SectionHeaderSize || namesIndex >= count
            || !TrySection(file, table, namesIndex, out _, out ReadOnlySpan<byte> names))
        {
            return false;
        }

        for (int index = 0; index < count; index++)
        {
            if (TrySection(file, table, index, out uint nameOffset, out ReadOnlySpan<byte> bytes)
                && nameOffset < (uint)names.Length
                && names[(int)nameOffset..].StartsWith(name)
                && names[(int)nameOffset..].IndexOf((byte)0) == name.Length)
            {
                content = bytes;
                return true;
            }
        }

        return false;
    }

    private static bool TrySection(
        ReadOnlySpan<byte> file, ulong table, int index, out uint nameOffset, out ReadOnlySpan<byte> content)
    {
        nameOffset = 0;
        content = default;
        if (!TrySlice(file, table, (ulong)index * SectionHeaderSize, SectionHeaderSize, out ReadOnlySpan<byte> header))
        {
            return false;
        }

        nameOffset = BinaryPrimitives.ReadUInt32LittleEndian(header);
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SectionWithoutBytes
            && TrySlice(file, offset, 0, size, out content);
    }

    private static bool TrySlice(
        ReadOnlySpan<byte> file, ulong start, ulong distance, ulong length, out ReadOnlySpan<byte> slice)
    {
        slice = default;
        ulong total = (ulong)file.Length;
        if (start > total || distance > total - start || length > total - start - distance)
        {
            return false;
        }

        slice = file.Slice((int)(start + distance), (int)length);
        return true;
    }
}
