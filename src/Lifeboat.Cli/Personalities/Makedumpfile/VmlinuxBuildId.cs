using System.Buffers.Binary;
using Lifeboat.Core.Elf;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>The build id of a kernel image with debugging information: note NT_GNU_BUILD_ID of its segment of notes.</summary>
internal static class VmlinuxBuildId
{
    private const int MaxHeaders = 256;
    private const int MaxNotes = 1 << 16;
    private const int NoteHeader = 12;
    private const uint BuildIdType = 3;

    /// <summary>Reads it, in hexadecimal; null when the image has none.</summary>
    /// <exception cref="MakedumpfileException">The file cannot be read, or is no ELF of 64 bits.</exception>
    public static string? Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MakedumpfileException("open_kernel_file", $"Can't open the kernel file({path}). {exception.Message}");
        }
    }

    private static string? Read(FileStream file, string path)
    {
        if (!Elf64Header.TryParse(ReadAt(file, 0, Elf64Header.Size), out Elf64Header header)
            || header.Class != Elf64Header.Class64 || header.Data != Elf64Header.LittleEndian
            || header.ProgramHeaderSize != Elf64ProgramHeader.Size)
        {
            throw new MakedumpfileException("open_kernel_file", $"{path} is not an ELF kernel image");
        }

        int count = Math.Min((int)header.ProgramHeaderCount, MaxHeaders);
        byte[] table = ReadAt(file, header.ProgramHeaderOffset, count * Elf64ProgramHeader.Size);
        for (int i = 0; i < count; i++)
        {
            if (Elf64ProgramHeader.TryParse(SliceOf(table, i), out Elf64ProgramHeader segment)
                && segment.Type == Elf64ProgramHeader.TypeNote
                && FindBuildId(ReadAt(file, segment.Offset, (int)Math.Min(segment.FileSize, MaxNotes))) is { } identity)
            {
                return identity;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> SliceOf(byte[] table, int index)
    {
        int start = index * Elf64ProgramHeader.Size;
        return start + Elf64ProgramHeader.Size <= table.Length ? table.AsSpan(start, Elf64ProgramHeader.Size) : default;
    }

    private static string? FindBuildId(ReadOnlySpan<byte> notes)
    {
        while (notes.Length >= NoteHeader)
        {
            uint nameLength = BinaryPrimitives.ReadUInt32LittleEndian(notes);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]);
            ulong content = NoteHeader + Align(nameLength);
            ulong end = content + Align(length);
            if (content + length > (ulong)notes.Length)
            {
                return null;
            }

            if (type == BuildIdType && notes.Slice(NoteHeader, (int)nameLength).SequenceEqual("GNU\0"u8))
            {
                return Convert.ToHexStringLower(notes.Slice((int)content, (int)length));
            }

            notes = notes[(int)Math.Min(end, (ulong)notes.Length)..];
        }

        return null;
    }

    private static ulong Align(uint length) => ((ulong)length + 3) & ~3UL;

    // As much as is there: what is missing is not found.
    private static byte[] ReadAt(FileStream file, ulong offset, int length)
    {
        if (offset >= (ulong)file.Length)
        {
            return [];
        }

        byte[] bytes = new byte[length];
        file.Position = (long)offset;
        int read = file.ReadAtLeast(bytes, length, throwOnEndOfStream: false);
        return bytes[..read];
    }
}
