using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>What a Multiboot header, of version 1 or 2, asks of the loader.</summary>
internal sealed record MultibootHeader
{
    private const uint Magic = 0x1badb002;
    private const int SearchedBytes = 8192;
    private const int ShortSize = 12;
    private const int SizeWithAddresses = 32;
    private const uint ModulesOnPages = 1;
    private const uint MemoryMapWanted = 2;
    private const uint VideoMode = 4;
    private const uint HasAddresses = 1 << 16;

    /// <summary>Bits that a loader which does not know them must refuse.</summary>
    private const uint RequiredBits = 0xffff;

    /// <summary>1 or 2.</summary>
    internal required int Version { get; init; }

    /// <summary>Where the header lies in the file.</summary>
    internal required int Offset { get; init; }

    /// <summary>Where to load it; null when it is to be loaded as the ELF file that it is.</summary>
    internal MultibootAddresses? Addresses { get; init; }

    /// <summary>The first instruction, when the header gives it; else the ELF file does.</summary>
    internal uint? Entry { get; init; }

    /// <summary>Where it may be moved to; null when it may not.</summary>
    internal MultibootRelocation? Relocation { get; init; }

    /// <summary>Finds a header, one of version 2 before one of version 1, and reads it; null when there is none.</summary>
    /// <exception cref="DiagnosticException">There is one, and it is damaged or wants what is not done.</exception>
    internal static MultibootHeader? Find(ReadOnlySpan<byte> file, string name) =>
        Multiboot2Header.Find(file, name) ?? FindFirst(file, name);

    /// <summary>
    /// Version 1, from the Multiboot specification 0.6.96: u32 magic, flags, checksum; with flag 16 also header_addr,
    /// load_addr, load_end_addr, bss_end_addr, entry_addr.
    /// </summary>
    private static MultibootHeader? FindFirst(ReadOnlySpan<byte> file, string name)
    {
        int? wrong = null;
        int last = Math.Min(file.Length, SearchedBytes) - ShortSize;
        for (int at = 0; at <= last; at += 4)
        {
            if (Read(file, at) != Magic)
            {
                continue;
            }

            if (unchecked(Magic + Read(file, at + 4) + Read(file, at + 8)) == 0)
            {
                return Parse(file, at, name);
            }

            wrong ??= at;
        }

        return wrong is not { } place ? null : throw ImageRefusal.Damaged("The Multiboot header's checksum is wrong",
            $"{name}, checksum at 0x{place + 8:x}", $"0x{Read(file, place + 8):x8}",
            $"0x{unchecked(0 - Magic - Read(file, place + 4)):x8}");
    }

    private static MultibootHeader Parse(ReadOnlySpan<byte> file, int at, string name)
    {
        uint flags = Read(file, at + 4);
        uint unknown = flags & RequiredBits & ~(ModulesOnPages | MemoryMapWanted);
        if (unknown != 0)
        {
            throw ImageRefusal.Unsuitable("The Multiboot kernel requires what is not done",
                $"{name}, flags at 0x{at + 4:x}",
                (unknown & VideoMode) != 0 ? $"0x{flags:x}: bit 2, a video mode" : $"0x{flags:x}",
                "of bits 0 to 15 only 0 (modules on pages) and 1 (memory information)",
                "Build the kernel so that it does not require it");
        }

        if ((flags & HasAddresses) == 0)
        {
            return new MultibootHeader { Version = 1, Offset = at };
        }

        if (file.Length - at < SizeWithAddresses)
        {
            throw ImageRefusal.Truncated("The file ends in its Multiboot header",
                $"{name}, header at 0x{at:x}", $"{file.Length - at} bytes", $"{SizeWithAddresses}");
        }

        return new MultibootHeader
        {
            Version = 1,
            Offset = at,
            Addresses = new MultibootAddresses(
                at + 12, Read(file, at + 12), Read(file, at + 16), Read(file, at + 20), Read(file, at + 24)),
            Entry = Read(file, at + 28),
        };
    }

    private static uint Read(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
}
