using System.Buffers.Binary;
using Lifeboat.Core.Elf;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Writes ELF cores for tests, right ones and wrong ones.</summary>
internal sealed class ElfWriter
{
    private readonly List<(Elf64ProgramHeader Header, byte[] Content)> _segments = [];
    private readonly List<byte> _notes = [];

    internal uint Flags { get; set; }

    /// <summary>Writes the number of program headers into section 0, as more than 65,534 need it.</summary>
    internal bool UseExtendedCount { get; set; }

    internal static byte[] Note(string name, uint type, ReadOnlySpan<byte> content)
    {
        int nameLength = name.Length + 1;
        byte[] note = new byte[12 + ((nameLength + 3) & ~3) + ((content.Length + 3) & ~3)];
        BinaryPrimitives.WriteInt32LittleEndian(note, nameLength);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(8), type);
        System.Text.Encoding.ASCII.GetBytes(name, note.AsSpan(12));
        content.CopyTo(note.AsSpan(12 + ((nameLength + 3) & ~3)));
        return note;
    }

    /// <summary>A whole fake kernel as a file.</summary>
    internal static byte[] Write(FakeKernel kernel) =>
        new ElfWriter()
            .AddNote("CORE", 1, new byte[336])
            .AddNote("VMCOREINFO", 0, kernel.InfoBytes)
            .AddSegment(0, kernel.Memory.ToArray())
            .ToArray();

    internal ElfWriter AddNote(string name, uint type, ReadOnlySpan<byte> content)
    {
        _notes.AddRange(Note(name, type, content));
        return this;
    }

    internal ushort Machine { get; set; } = Elf64Header.MachineX64;

    internal ElfWriter AddSegment(ulong physical, byte[] content, ulong? memorySize = null, ulong virtualAddress = 0)
    {
        _segments.Add((
            new Elf64ProgramHeader
            {
                Type = Elf64ProgramHeader.TypeLoad,
                Flags = 7,
                VirtualAddress = virtualAddress,
                PhysicalAddress = physical,
                FileSize = (ulong)content.Length,
                MemorySize = memorySize ?? (ulong)content.Length,
            },
            content));
        return this;
    }

    internal byte[] ToArray()
    {
        int count = _segments.Count + 1;
        int sections = UseExtendedCount ? 64 : 0;
        ulong headersEnd = Elf64Header.Size + ((ulong)count * Elf64ProgramHeader.Size) + (ulong)sections;
        ulong offset = (headersEnd + (ulong)_notes.Count + 4095) & ~4095UL;
        byte[] file = new byte[offset + (ulong)_segments.Sum(static s => (long)s.Content.Length)];
        new Elf64Header
        {
            Class = 2,
            Data = 1,
            Type = Elf64Header.TypeCore,
            Machine = Machine,
            Flags = Flags,
            ProgramHeaderOffset = Elf64Header.Size + (ulong)sections,
            ProgramHeaderSize = Elf64ProgramHeader.Size,
            ProgramHeaderCount = UseExtendedCount ? Elf64Header.ManyProgramHeaders : (ushort)count,
            SectionHeaderOffset = UseExtendedCount ? Elf64Header.Size : 0UL,
            SectionHeaderSize = 64,
            SectionHeaderCount = (ushort)(UseExtendedCount ? 1 : 0),
        }.WriteTo(file);
        if (UseExtendedCount)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Elf64Header.Size + 44), count);
        }

        int place = Elf64Header.Size + sections;
        var notes = new Elf64ProgramHeader
        {
            Type = Elf64ProgramHeader.TypeNote,
            Offset = headersEnd,
            FileSize = (ulong)_notes.Count,
        };
        notes.WriteTo(file.AsSpan(place));
        _notes.CopyTo(file, (int)headersEnd);
        foreach ((Elf64ProgramHeader header, byte[] content) in _segments)
        {
            place += Elf64ProgramHeader.Size;
            (header with { Offset = offset }).WriteTo(file.AsSpan(place));
            content.CopyTo(file, (int)offset);
            offset += (ulong)content.Length;
        }

        return file;
    }
}
