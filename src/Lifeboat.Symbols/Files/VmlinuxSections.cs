using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;

namespace Lifeboat.Symbols.Files;

/// <summary>The sections of an ELF file of 64 bits, by name.</summary>
internal sealed class VmlinuxSections : IDisposable
{
    private const int HeaderSize = 64; // Elf64_Shdr
    private const int MostSections = 4096;
    private const int MostNameBytes = 1 << 20;
    private const int MostNoteBytes = 1 << 16;
    private const int NamesIndexOffset = 62; // e_shstrndx
    private const uint TypeNoBits = 8;
    private const uint TypeNote = 7;
    private const uint BuildIdType = 3; // NT_GNU_BUILD_ID
    private const ulong WritableFlag = 1;
    private const ulong CodeFlag = 4;

    private readonly FileStream _file;
    private readonly byte[] _headers;
    private readonly byte[] _names;

    private VmlinuxSections(FileStream file)
    {
        _file = file;
        byte[] start = ReadAt(0, Elf64Header.Size);
        if (!Elf64Header.TryParse(start, out Elf64Header header) || header.Class != Elf64Header.Class64
            || header.Data != Elf64Header.LittleEndian || header.SectionHeaderSize != HeaderSize
            || header.SectionHeaderCount is 0 or > MostSections)
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.DamagedFile, "the file is no vmlinux")
                {
                    Where = file.Name,
                    Expected = "an ELF file of 64 bits with sections, not a bootable image such as vmlinuz",
                });
        }

        _headers = ReadAt(header.SectionHeaderOffset, header.SectionHeaderCount * HeaderSize);
        ushort names = BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(NamesIndexOffset));
        _names = names < Count ? ReadContent(names, MostNameBytes) ?? [] : [];
    }

    internal string Path => _file.Name;

    /// <summary>The build id in hexadecimal; null when the file has none.</summary>
    internal string? BuildId
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (TypeOf(i) == TypeNote && ReadContent(i, MostNoteBytes) is { } notes && FindBuildId(notes) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
    }

    private int Count => _headers.Length / HeaderSize;

    /// <exception cref="DumpFormatException">It is no ELF file with sections.</exception>
    internal static VmlinuxSections Open(string path)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            return new VmlinuxSections(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A section's content; null when there is none of this name, or it is larger than is believed.</summary>
    internal byte[]? Read(string name, int mostBytes)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(name);
        for (int i = 0; i < Count; i++)
        {
            uint place = BinaryPrimitives.ReadUInt32LittleEndian(HeaderOf(i));
            if (place < _names.Length && _names.AsSpan((int)place) is var rest && rest.StartsWith(wanted)
                && rest.Length > wanted.Length && rest[wanted.Length] == 0)
            {
                return ReadContent(i, mostBytes);
            }
        }

        return null;
    }

    internal bool IsCode(int index) => index < Count && (FlagsOf(index) & CodeFlag) != 0;

    internal bool IsWritable(int index) => index < Count && (FlagsOf(index) & WritableFlag) != 0;

    public void Dispose() => _file.Dispose();

    private static string? FindBuildId(ReadOnlySpan<byte> notes)
    {
        const int NoteHeader = 12;
        while (notes.Length >= NoteHeader)
        {
            uint nameLength = BinaryPrimitives.ReadUInt32LittleEndian(notes);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            ulong content = NoteHeader + (((ulong)nameLength + 3) & ~3UL);
            if (content + length > (ulong)notes.Length)
            {
                return null;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]) == BuildIdType
                && notes.Slice(NoteHeader, (int)nameLength).SequenceEqual("GNU\0"u8))
            {
                return Convert.ToHexStringLower(notes.Slice((int)content, (int)length));
            }

            notes = notes[(int)Math.Min(content + (((ulong)length + 3) & ~3UL), (ulong)notes.Length)..];
        }

        return null;
    }

    private ReadOnlySpan<byte> HeaderOf(int index) => _headers.AsSpan(index * HeaderSize, HeaderSize);

    private uint TypeOf(int index) => BinaryPrimitives.ReadUInt32LittleEndian(HeaderOf(index)[4..]);

    private ulong FlagsOf(int index) => BinaryPrimitives.ReadUInt64LittleEndian(HeaderOf(index)[8..]);

    private byte[]? ReadContent(int index, int mostBytes)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(HeaderOf(index)[24..]);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(HeaderOf(index)[32..]);
        if (TypeOf(index) == TypeNoBits || size > (ulong)mostBytes || offset > (ulong)_file.Length
            || size > (ulong)_file.Length - offset)
        {
            return null;
        }

        return ReadAt(offset, (int)size);
    }

    // As much as is there: what is missing is not found.
    private byte[] ReadAt(ulong offset, int length)
    {
        if (offset >= (ulong)_file.Length)
        {
            return [];
        }

        byte[] bytes = new byte[(int)Math.Min((ulong)length, (ulong)_file.Length - offset)];
        _file.Position = (long)offset;
        int read = _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..read];
    }
}
