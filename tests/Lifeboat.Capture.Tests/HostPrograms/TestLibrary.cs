using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Elf;

namespace Lifeboat.Capture.Tests.HostPrograms;

/// <summary>Writes small ELF files that need libraries, and the loader's list of them.</summary>
internal static class TestLibrary
{
    private const ulong Base = 0x400000;

    public static byte[] Elf(
        string[] needed, string? interpreter = null, string? runPath = null, string? path = null, ushort machine = Elf64Header.MachineX64)
    {
        var text = new List<byte> { 0 };
        var dynamic = new List<(ulong Tag, ulong Value)>();
        foreach (string name in needed)
        {
            dynamic.Add((1, Text(text, name)));
        }

        if (runPath is not null)
        {
            dynamic.Add((29, Text(text, runPath)));
        }

        if (path is not null)
        {
            dynamic.Add((15, Text(text, path)));
        }

        const int HeadersEnd = Elf64Header.Size + (3 * Elf64ProgramHeader.Size);
        byte[] loader = interpreter is null ? [] : Encoding.UTF8.GetBytes(interpreter + "\0");
        int stringsStart = HeadersEnd + loader.Length;
        int dynamicStart = stringsStart + text.Count;
        dynamic.Add((5, Base + (ulong)stringsStart));
        dynamic.Add((0, 0));
        byte[] file = new byte[dynamicStart + (dynamic.Count * 16)];
        new Elf64Header
        {
            Class = Elf64Header.Class64,
            Data = Elf64Header.LittleEndian,
            Type = 3,
            Machine = machine,
            ProgramHeaderOffset = Elf64Header.Size,
            ProgramHeaderSize = Elf64ProgramHeader.Size,
            ProgramHeaderCount = (ushort)(interpreter is null ? 2 : 3),
        }.WriteTo(file);
        Segment(file, 0, Elf64ProgramHeader.TypeLoad, 0, file.Length);
        Segment(file, 1, 2, dynamicStart, dynamic.Count * 16);
        Segment(file, 2, 3, HeadersEnd, loader.Length);
        loader.CopyTo(file, HeadersEnd);
        text.CopyTo(file, stringsStart);
        for (int i = 0; i < dynamic.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(dynamicStart + (i * 16)), dynamic[i].Tag);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(dynamicStart + (i * 16) + 8), dynamic[i].Value);
        }

        return file;
    }

    public static byte[] Cache(params (string Name, string Path, ulong Processors)[] entries)
    {
        var text = new List<byte>();
        int table = 48 + (entries.Length * 24);
        byte[] head = new byte[table];
        Encoding.ASCII.GetBytes("glibc-ld.so.cache1.1").CopyTo(head, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(20), (uint)entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = head.AsSpan(48 + (i * 24));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], (uint)table + (uint)Text(text, entries[i].Name));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)table + (uint)Text(text, entries[i].Path));
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], entries[i].Processors);
        }

        return [.. head, .. text];
    }

    private static void Segment(byte[] file, int index, uint type, int offset, int size) => new Elf64ProgramHeader
    {
        Type = type,
        Offset = (ulong)offset,
        VirtualAddress = Base + (ulong)offset,
        FileSize = (ulong)size,
    }.WriteTo(file.AsSpan(Elf64Header.Size + (index * Elf64ProgramHeader.Size)));

    private static ulong Text(List<byte> strings, string text)
    {
        ulong at = (ulong)strings.Count;
        strings.AddRange(Encoding.UTF8.GetBytes(text + "\0"));
        return at;
    }
}
