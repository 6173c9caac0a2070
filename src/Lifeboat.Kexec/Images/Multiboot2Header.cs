using System.Buffers.Binary;
using System.Numerics;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// Reads a Multiboot2 header: u32 magic, architecture, header_length, checksum, and tags of u16 type, u16 flags,
/// u32 size and content, each at a multiple of 8 bytes. Source: the Multiboot2 specification 2.0.
/// </summary>
internal static class Multiboot2Header
{
    private const uint Magic = 0xe85250d6;
    private const int SearchedBytes = 32768;
    private const int FixedSize = 16;
    private const int TagHeaderSize = 8;
    private const ushort OptionalFlag = 1;
    private const uint ConsoleRequired = 1;

    /// <summary>The header; null when there is none.</summary>
    /// <exception cref="DiagnosticException">There is one, and it is damaged or requires what is not done.</exception>
    internal static MultibootHeader? Find(ReadOnlySpan<byte> file, string name)
    {
        int? wrong = null;
        int last = Math.Min(file.Length, SearchedBytes) - FixedSize;
        for (int at = 0; at <= last; at += 8)
        {
            if (Read(file, at) != Magic)
            {
                continue;
            }

            if (unchecked(Magic + Read(file, at + 4) + Read(file, at + 8) + Read(file, at + 12)) == 0)
            {
                return Parse(file, at, name);
            }

            wrong ??= at;
        }

        return wrong is not { } place ? null : throw ImageRefusal.Damaged("The Multiboot2 header's checksum is wrong",
            $"{name}, checksum at 0x{place + 12:x}", $"0x{Read(file, place + 12):x8}",
            $"0x{unchecked(0 - Magic - Read(file, place + 4) - Read(file, place + 8)):x8}");
    }

    private static MultibootHeader Parse(ReadOnlySpan<byte> file, int at, string name)
    {
        uint architecture = Read(file, at + 4);
        if (architecture != 0)
        {
            throw ImageRefusal.Foreign("The Multiboot2 kernel is for another machine",
                $"{name}, architecture at 0x{at + 4:x}", architecture == 4 ? "4 (MIPS)" : $"{architecture}", "0 (x86)");
        }

        uint length = Read(file, at + 8);
        if (length < FixedSize || length > Math.Min(file.Length, SearchedBytes) - at)
        {
            throw ImageRefusal.Damaged("The length of the Multiboot2 header is impossible",
                $"{name}, header_length at 0x{at + 8:x}", $"{length}",
                $"from {FixedSize} to {Math.Min(file.Length, SearchedBytes) - at}");
        }

        var header = new MultibootHeader { Version = 2, Offset = at };
        int end = at + (int)length;
        for (int tag = at + FixedSize; tag <= end - TagHeaderSize;)
        {
            uint size = Read(file, tag + 4);
            if (size < TagHeaderSize || size > end - tag)
            {
                throw ImageRefusal.Damaged("The size of a tag of the Multiboot2 header is impossible",
                    $"{name}, size at 0x{tag + 4:x}", $"{size}", $"from {TagHeaderSize} to {end - tag}");
            }

            var type = (Multiboot2Tag)BinaryPrimitives.ReadUInt16LittleEndian(file[tag..]);
            if (type == Multiboot2Tag.End)
            {
                break;
            }

            bool required = (BinaryPrimitives.ReadUInt16LittleEndian(file[(tag + 2)..]) & OptionalFlag) == 0;
            header = Apply(header, type, file.Slice(tag, (int)size), required, tag, name);
            tag += ((int)size + 7) & ~7;
        }

        return header;
    }

    private static MultibootHeader Apply(
        MultibootHeader header, Multiboot2Tag type, ReadOnlySpan<byte> tag, bool required, int at, string name)
    {
        int smallest = type switch
        {
            Multiboot2Tag.Address or Multiboot2Tag.Relocatable => 24,
            Multiboot2Tag.EntryAddress or Multiboot2Tag.ConsoleFlags => 12,
            _ => TagHeaderSize,
        };
        if (tag.Length < smallest)
        {
            throw ImageRefusal.Damaged($"The {NameOf(type)} tag of the Multiboot2 header is too short",
                $"{name}, size at 0x{at + 4:x}", $"{tag.Length}", $"at least {smallest}");
        }

        switch (type)
        {
            case Multiboot2Tag.Address:
                return header with
                {
                    Addresses = new MultibootAddresses(
                        at + 8, Read(tag, 8), Read(tag, 12), Read(tag, 16), Read(tag, 20)),
                };
            case Multiboot2Tag.EntryAddress:
                return header with { Entry = Read(tag, 8) };
            case Multiboot2Tag.Relocatable:
                return header with { Relocation = Relocation(tag, at, name) };
            case Multiboot2Tag.InformationRequest:
                for (int i = TagHeaderSize; required && i + 4 <= tag.Length; i += 4)
                {
                    RequireInformation(Read(tag, i), at + i, name);
                }

                return header;
            case Multiboot2Tag.ConsoleFlags:
                return required && (Read(tag, 8) & ConsoleRequired) != 0 ? throw NotDone(type, at, name) : header;

            // Entries for firmware that is still there: it is gone after a kexec, and the plain entry is the right one.
            case Multiboot2Tag.ModuleAlignment or Multiboot2Tag.EfiEntry32 or Multiboot2Tag.EfiEntry64:
                return header;
            default:
                return required ? throw NotDone(type, at, name) : header;
        }
    }

    private static MultibootRelocation Relocation(ReadOnlySpan<byte> tag, int at, string name)
    {
        var relocation = new MultibootRelocation(Read(tag, 8), Read(tag, 12), Math.Max(Read(tag, 16), 1));
        if (relocation.Highest < relocation.Lowest)
        {
            throw ImageRefusal.Damaged("The addresses that the Multiboot2 kernel may be moved to are impossible",
                $"{name}, max_addr at 0x{at + 12:x}", $"0x{relocation.Highest:x}", $"at least min_addr 0x{relocation.Lowest:x}");
        }

        if (!BitOperations.IsPow2(relocation.Alignment) || relocation.Alignment > 1u << 30)
        {
            throw ImageRefusal.Damaged("The alignment of the Multiboot2 kernel is impossible",
                $"{name}, align at 0x{at + 16:x}", $"0x{relocation.Alignment:x}", "a power of two up to 1 GiB");
        }

        return relocation;
    }

    private static void RequireInformation(uint type, int at, string name)
    {
        // Command line, loader, modules, memory size, memory map, both ACPI root pointers, load base.
        if (type is 1 or 2 or 3 or 4 or 6 or 14 or 15 or 21)
        {
            return;
        }

        string found = type switch
        {
            5 => "BIOS boot device",
            7 => "VBE information",
            8 => "framebuffer",
            9 => "ELF sections",
            10 => "APM table",
            11 or 12 => "EFI system table",
            13 => "SMBIOS tables",
            16 => "network information",
            17 => "EFI memory map",
            18 => "EFI boot services",
            19 or 20 => "EFI image handle",
            _ => "unknown",
        };
        throw ImageRefusal.Unsuitable("The Multiboot2 kernel requires information that is not given",
            $"{name}, information request at 0x{at:x}", $"type {type} ({found})",
            "command line, modules, memory map, ACPI root pointer, load base address",
            "Build the kernel so that it asks for it optionally");
    }

    private static DiagnosticException NotDone(Multiboot2Tag type, int at, string name) =>
        ImageRefusal.Unsuitable("The Multiboot2 kernel requires what is not done",
            $"{name}, tag at 0x{at:x}", $"type {(int)type} ({NameOf(type)})",
            "of such tags only optional ones", "Build the kernel so that it does not require it");

    private static string NameOf(Multiboot2Tag type) => type switch
    {
        Multiboot2Tag.InformationRequest => "information request",
        Multiboot2Tag.Address => "address",
        Multiboot2Tag.EntryAddress => "entry address",
        Multiboot2Tag.ConsoleFlags => "console flags",
        Multiboot2Tag.Framebuffer => "framebuffer",
        Multiboot2Tag.EfiBootServices => "EFI boot services",
        Multiboot2Tag.Relocatable => "relocatable",
        _ => "unknown",
    };

    private static uint Read(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
