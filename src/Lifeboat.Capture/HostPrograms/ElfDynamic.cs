using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lifeboat.Core.Elf;
using Lifeboat.Core.IO;

namespace Lifeboat.Capture.HostPrograms;

/// <summary>What a program or a library says of the libraries that it needs (PT_INTERP, PT_DYNAMIC); believes no number.</summary>
internal sealed class ElfDynamic
{
    private const uint TypeDynamic = 2; // PT_DYNAMIC
    private const uint TypeInterpreter = 3; // PT_INTERP
    private const ulong TagNeeded = 1; // DT_NEEDED
    private const ulong TagStrings = 5; // DT_STRTAB
    private const ulong TagPath = 15; // DT_RPATH
    private const ulong TagRunPath = 29; // DT_RUNPATH
    private const int EntrySize = 16;
    private const int MaxText = 4096;

    /// <summary>The machine it is for (e_machine).</summary>
    internal required ushort Machine { get; init; }

    /// <summary>The dynamic loader that it asks for; null when it asks for none.</summary>
    internal string? Interpreter { get; private set; }

    /// <summary>The names of the libraries it needs.</summary>
    internal List<string> Needed { get; } = [];

    /// <summary>Folders that are searched for its own libraries before others (DT_RUNPATH).</summary>
    internal string? RunPath { get; private set; }

    /// <summary>The same for its libraries' libraries too (DT_RPATH).</summary>
    internal string? Path { get; private set; }

    /// <summary>Reads a file; false when it is no little-endian ELF64, or its headers cannot be.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out ElfDynamic? dynamic)
    {
        dynamic = null;
        if (!Elf64Header.TryParse(file, out Elf64Header header)
            || header.Class != Elf64Header.Class64 || header.Data != Elf64Header.LittleEndian)
        {
            return false;
        }

        var loads = new List<Elf64ProgramHeader>();
        ReadOnlySpan<byte> table = default;
        var result = new ElfDynamic { Machine = header.Machine };
        for (int index = 0; index < header.ProgramHeaderCount; index++)
        {
            if (!TrySlice(file, header.ProgramHeaderOffset, (ulong)index * Elf64ProgramHeader.Size, Elf64ProgramHeader.Size, out ReadOnlySpan<byte> bytes)
                || !Elf64ProgramHeader.TryParse(bytes, out Elf64ProgramHeader segment))
            {
                return false;
            }

            if (segment.Type == Elf64ProgramHeader.TypeLoad)
            {
                loads.Add(segment);
            }
            else if (segment.Type is TypeInterpreter or TypeDynamic)
            {
                if (!TrySlice(file, segment.Offset, 0, segment.FileSize, out ReadOnlySpan<byte> content))
                {
                    return false;
                }

                if (segment.Type == TypeDynamic)
                {
                    table = content;
                }
                else if ((result.Interpreter = TextAt(content)) is null)
                {
                    return false;
                }
            }
        }

        dynamic = result.ReadTable(file, table, loads) ? result : null;
        return dynamic is not null;
    }

    private bool ReadTable(ReadOnlySpan<byte> file, ReadOnlySpan<byte> table, List<Elf64ProgramHeader> loads)
    {
        ReadOnlySpan<byte> strings = default;
        for (int at = 0; at + EntrySize <= table.Length; at += EntrySize)
        {
            var entry = new SpanReader(table[at..]);
            if (entry.ReadUInt64() == TagStrings && !TryFind(file, entry.ReadUInt64(), loads, out strings))
            {
                return false;
            }
        }

        for (int at = 0; at + EntrySize <= table.Length; at += EntrySize)
        {
            var entry = new SpanReader(table[at..]);
            ulong tag = entry.ReadUInt64();
            ulong value = entry.ReadUInt64();
            if (tag == 0)
            {
                break;
            }

            if (tag is not (TagNeeded or TagPath or TagRunPath))
            {
                continue;
            }

            if (value >= (ulong)strings.Length || TextAt(strings[(int)value..]) is not { } text)
            {
                return false;
            }

            switch (tag)
            {
                case TagNeeded:
                    Needed.Add(text);
                    break;
                case TagPath:
                    Path = text;
                    break;
                default:
                    RunPath = text;
                    break;
            }
        }

        return true;
    }

    // An address of the loaded program, as bytes of the file up to the end of its segment.
    private static bool TryFind(ReadOnlySpan<byte> file, ulong address, List<Elf64ProgramHeader> loads, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        foreach (Elf64ProgramHeader load in loads)
        {
            if (address >= load.VirtualAddress && address - load.VirtualAddress < load.FileSize)
            {
                ulong distance = address - load.VirtualAddress;
                return TrySlice(file, load.Offset, distance, load.FileSize - distance, out bytes);
            }
        }

        return false;
    }

    private static string? TextAt(ReadOnlySpan<byte> bytes)
    {
        int end = bytes[..Math.Min(bytes.Length, MaxText)].IndexOf((byte)0);
        return end <= 0 ? null : Encoding.UTF8.GetString(bytes[..end]);
    }

    private static bool TrySlice(ReadOnlySpan<byte> file, ulong start, ulong distance, ulong length, out ReadOnlySpan<byte> slice)
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
