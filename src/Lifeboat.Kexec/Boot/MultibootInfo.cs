using System.Text;
using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>
/// What a Multiboot 1 kernel is started with (multiboot_info), and all that it points to, in one piece. Source: the
/// Multiboot specification 0.6.96, "Boot information format".
/// </summary>
/// <remarks>
/// <code>
/// | multiboot_info | memory map, 24 B each | modules, 16 B each | command line | loader's name | modules' lines |
/// </code>
/// Everything lies below 4 GiB. It has no place for an ACPI root pointer: on a UEFI machine, give the kernel its address
/// on the command line.
/// </remarks>
internal sealed record MultibootInfo
{
    /// <summary>What eax holds at the entry.</summary>
    internal const uint Magic = 0x2badb002;

    private const int FixedSize = 116;
    private const int MapEntrySize = 24;
    private const int ModuleSize = 16;
    private const int MemoryMapField = 44;
    private const int LoaderNameField = 64;

    /// <summary>mem_lower, cmdline, mods, mmap and boot_loader_name are given.</summary>
    private const uint Flags = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9;

    private static ReadOnlySpan<byte> LoaderName => "Lifeboat\0"u8;

    /// <summary>The command line, without a NUL in it.</summary>
    internal required string CommandLine { get; init; }

    /// <summary>The modules, in the order that the kernel is to find them.</summary>
    internal IReadOnlyList<MultibootModule> Modules { get; init; } = [];

    /// <summary>The memory map.</summary>
    internal required IReadOnlyList<E820Entry> MemoryMap { get; init; }

    /// <summary>Bytes of the structure, which do not depend on where it lies.</summary>
    internal int Size
    {
        get
        {
            int size = FixedSize + (MemoryMap.Count * MapEntrySize) + (Modules.Count * ModuleSize)
                + Length(CommandLine) + LoaderName.Length;
            foreach (MultibootModule module in Modules)
            {
                size += Length(module.CommandLine);
            }

            return size;
        }
    }

    /// <summary>The structure as it is to lie at <paramref name="address"/>: it points into itself.</summary>
    /// <exception cref="ArgumentException">It, or a module, would not lie below 4 GiB.</exception>
    internal byte[] ToBytes(PhysicalAddress address)
    {
        var bytes = new byte[Size];
        uint start = MultibootMemory.Address32(address);
        MultibootMemory.Address32(address + new ByteCount((ulong)bytes.Length - 1));
        int map = FixedSize;
        int modules = map + (MemoryMap.Count * MapEntrySize);
        int strings = modules + (Modules.Count * ModuleSize);
        int loaderName = strings + Length(CommandLine);

        var writer = new SpanWriter(bytes);
        writer.WriteUInt32(Flags);
        writer.WriteUInt32(MultibootMemory.LowerKiB(MemoryMap));
        writer.WriteUInt32(MultibootMemory.UpperKiB(MemoryMap));
        writer.WriteUInt32(0);
        writer.WriteUInt32(start + (uint)strings);
        writer.WriteUInt32((uint)Modules.Count);
        writer.WriteUInt32(start + (uint)modules);
        writer.Position = MemoryMapField;
        writer.WriteUInt32((uint)(MemoryMap.Count * MapEntrySize));
        writer.WriteUInt32(start + (uint)map);
        writer.Position = LoaderNameField;
        writer.WriteUInt32(start + (uint)loaderName);

        writer.Position = map;
        foreach (E820Entry entry in MemoryMap)
        {
            // The first field counts what follows it.
            writer.WriteUInt32(MapEntrySize - 4);
            writer.WriteUInt64(entry.Range.Start.Value);
            writer.WriteUInt64(entry.Range.Length.Value);
            writer.WriteUInt32(MultibootMemory.TypeOf(entry));
        }

        Encoding.UTF8.GetBytes(CommandLine, bytes.AsSpan(strings));
        LoaderName.CopyTo(bytes.AsSpan(loaderName));
        int line = loaderName + LoaderName.Length;
        foreach (MultibootModule module in Modules)
        {
            writer.WriteUInt32(MultibootMemory.Address32(module.Range.Start));
            writer.WriteUInt32(MultibootMemory.Address32(module.Range.End));
            writer.WriteUInt32(start + (uint)line);
            writer.WriteUInt32(0);
            Encoding.UTF8.GetBytes(module.CommandLine, bytes.AsSpan(line));
            line += Length(module.CommandLine);
        }

        return bytes;
    }

    private static int Length(string text) => Encoding.UTF8.GetByteCount(text) + 1;
}
