using System.Text;
using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>
/// What a Multiboot2 kernel is started with: u32 size, u32 reserved, and tags of u32 type, u32 size and content, each
/// at a multiple of 8 bytes. Source: the Multiboot2 specification 2.0, "Boot information format".
/// </summary>
/// <remarks>It points to the modules, not into itself: it may lie at any multiple of 8 below 4 GiB.</remarks>
internal sealed record Multiboot2Info
{
    /// <summary>What eax holds at the entry.</summary>
    internal const uint Magic = 0x36d76289;

    private const int FixedSize = 8;
    private const int TagHeaderSize = 8;
    private const int MapEntrySize = 24;
    private const int RootPointerSize = 20;
    private const int ExtendedRootPointerSize = 36;

    private const uint EndTag = 0;
    private const uint CommandLineTag = 1;
    private const uint LoaderNameTag = 2;
    private const uint ModuleTag = 3;
    private const uint MemorySizeTag = 4;
    private const uint MemoryMapTag = 6;
    private const uint OldRootPointerTag = 14;
    private const uint NewRootPointerTag = 15;
    private const uint LoadBaseTag = 21;

    private const string LoaderName = "Lifeboat";

    /// <summary>The command line, without a NUL in it.</summary>
    internal required string CommandLine { get; init; }

    /// <summary>The modules, in the order that the kernel is to find them.</summary>
    internal IReadOnlyList<MultibootModule> Modules { get; init; } = [];

    /// <summary>The memory map.</summary>
    internal required IReadOnlyList<E820Entry> MemoryMap { get; init; }

    /// <summary>
    /// A copy of ACPI's root pointer, 20 bytes of ACPI 1.0 or 36 and more of a later one; empty for none.
    /// </summary>
    internal ReadOnlyMemory<byte> AcpiRsdp { get; init; }

    /// <summary>Where the kernel was put, which a relocatable one is told; null for one that is not.</summary>
    internal PhysicalAddress? LoadBase { get; init; }

    /// <summary>The structure.</summary>
    /// <exception cref="ArgumentException">A module or the kernel would not lie below 4 GiB.</exception>
    internal byte[] ToBytes()
    {
        var bytes = new byte[Measure()];
        var writer = new SpanWriter(bytes);
        writer.WriteUInt32((uint)bytes.Length);
        writer.Position = FixedSize;
        WriteText(ref writer, CommandLineTag, CommandLine);
        WriteText(ref writer, LoaderNameTag, LoaderName);
        foreach (MultibootModule module in Modules)
        {
            int end = Start(ref writer, ModuleTag, 8 + Length(module.CommandLine));
            writer.WriteUInt32(MultibootMemory.Address32(module.Range.Start));
            writer.WriteUInt32(MultibootMemory.Address32(module.Range.End));
            writer.WriteBytes(Encoding.UTF8.GetBytes(module.CommandLine));
            writer.Position = end;
        }

        Start(ref writer, MemorySizeTag, 8);
        writer.WriteUInt32(MultibootMemory.LowerKiB(MemoryMap));
        writer.WriteUInt32(MultibootMemory.UpperKiB(MemoryMap));
        WriteMemoryMap(ref writer);
        if (RootPointer is { IsEmpty: false } pointer)
        {
            int end = Start(
                ref writer, pointer.Length == RootPointerSize ? OldRootPointerTag : NewRootPointerTag, pointer.Length);
            writer.WriteBytes(pointer.Span);
            writer.Position = end;
        }

        if (LoadBase is { } loadBase)
        {
            int end = Start(ref writer, LoadBaseTag, 4);
            writer.WriteUInt32(MultibootMemory.Address32(loadBase));
            writer.Position = end;
        }

        Start(ref writer, EndTag, 0);
        return bytes;
    }

    private ReadOnlyMemory<byte> RootPointer =>
        AcpiRsdp.Length >= ExtendedRootPointerSize ? AcpiRsdp[..ExtendedRootPointerSize]
        : AcpiRsdp.Length >= RootPointerSize ? AcpiRsdp[..RootPointerSize]
        : default;

    private int Measure()
    {
        int size = FixedSize + Tag(Length(CommandLine)) + Tag(Length(LoaderName)) + Tag(8)
            + Tag(8 + (MemoryMap.Count * MapEntrySize)) + Tag(0);
        foreach (MultibootModule module in Modules)
        {
            size += Tag(8 + Length(module.CommandLine));
        }

        size += RootPointer.IsEmpty ? 0 : Tag(RootPointer.Length);
        return size + (LoadBase is null ? 0 : Tag(4));
    }

    private void WriteMemoryMap(ref SpanWriter writer)
    {
        Start(ref writer, MemoryMapTag, 8 + (MemoryMap.Count * MapEntrySize));
        writer.WriteUInt32(MapEntrySize);
        writer.WriteUInt32(0);
        foreach (E820Entry entry in MemoryMap)
        {
            writer.WriteUInt64(entry.Range.Start.Value);
            writer.WriteUInt64(entry.Range.Length.Value);
            writer.WriteUInt32(MultibootMemory.TypeOf(entry));
            writer.WriteUInt32(0);
        }
    }

    private static void WriteText(ref SpanWriter writer, uint type, string text)
    {
        int end = Start(ref writer, type, Length(text));
        writer.WriteBytes(Encoding.UTF8.GetBytes(text));
        writer.Position = end;
    }

    /// <summary>Writes the head of a tag; returns where the next one begins.</summary>
    private static int Start(ref SpanWriter writer, uint type, int contentLength)
    {
        int end = writer.Position + Tag(contentLength);
        writer.WriteUInt32(type);
        writer.WriteUInt32((uint)(TagHeaderSize + contentLength));
        return end;
    }

    private static int Tag(int contentLength) => (TagHeaderSize + contentLength + 7) & ~7;

    private static int Length(string text) => Encoding.UTF8.GetByteCount(text) + 1;
}
