using System.Buffers.Binary;
using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;

namespace Lifeboat.Kexec.Machine;

/// <summary>Reads what the kernel shows of the firmware and of its crash memory beyond /proc/iomem.</summary>
internal static class FirmwareReader
{
    private const string EfiFolder = "sys/firmware/efi";
    private const string MemoryFolder = "sys/firmware/memmap";

    /// <summary>More than any machine has; a folder with more is not believed.</summary>
    private const int MaxEntries = 1 << 14;

    /// <summary>The firmware's map; none when a range of it does not read, as half a map is worse than none.</summary>
    internal static IReadOnlyList<E820Entry> ReadMemory(SystemTree tree)
    {
        var map = new List<E820Entry>();
        foreach (string folder in Numbered(tree, MemoryFolder))
        {
            if (ReadHex(tree, $"{folder}/start") is not { } start || ReadHex(tree, $"{folder}/end") is not { } last
                || last < start || last >= 1UL << 52 || tree.TryReadText($"{folder}/type")?.Trim() is not { } type)
            {
                return [];
            }

            map.Add(new E820Entry(
                new PhysicalRange(new PhysicalAddress(start), new PhysicalAddress(last + 1)), E820Names.TypeOf(type)));
        }

        map.Sort(static (left, right) => left.Range.Start.CompareTo(right.Range.Start));
        return map;
    }

    /// <summary>Lines <c>start-end</c> in hex, the end inclusive.</summary>
    internal static IReadOnlyList<PhysicalRange> ReadCrashCma(SystemTree tree)
    {
        var ranges = new List<PhysicalRange>();
        foreach (string line in tree.TryReadText("sys/kernel/kexec/crash_cma_ranges")?.Split('\n') ?? [])
        {
            if (line.Trim().Split('-') is [var start, var end] && ParseHex(start) is { } first && ParseHex(end) is { } last
                && last > first && last < 1UL << 52)
            {
                ranges.Add(new PhysicalRange(new PhysicalAddress(first), new PhysicalAddress(last + 1)));
            }
        }

        return PhysicalRanges.Normalize(ranges);
    }

    /// <summary>At its place of today, or where it was before 6.19.</summary>
    internal static ByteCount? ReadElfCoreHeaderSize(SystemTree tree) =>
        (tree.TryReadNumber("sys/kernel/kexec/crash_elfcorehdr_size") ?? tree.TryReadNumber("sys/kernel/crash_elfcorehdr_size"))
            is { } size and > 0 and < 1 << 26
            ? new ByteCount((ulong)size)
            : null;

    /// <summary>
    /// The same conditions as the kernel's setup_efi_state(): services that work, and a map of them; its descriptors have been of
    /// version 1 since EFI has existed.
    /// </summary>
    internal static EfiRuntime? ReadEfi(SystemTree tree, ReadOnlyMemory<byte> bootParams)
    {
        if (bootParams.IsEmpty || tree.TryReadText($"{EfiFolder}/systab") is not { } systab)
        {
            return null;
        }

        ReadOnlyMemory<byte> info = bootParams.Slice(BootParams.EfiInfoOffset, BootParams.EfiInfoSize);
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(info.Span[BootParams.EfiDescriptorVersionOffset..]);
        uint mapSize = BinaryPrimitives.ReadUInt32LittleEndian(info.Span[BootParams.EfiMapSizeOffset..]);
        var map = new List<EfiMemoryDescriptor>();
        foreach (string folder in Numbered(tree, $"{EfiFolder}/runtime-map"))
        {
            if (ReadHex(tree, $"{folder}/type") is not { } type || type > uint.MaxValue
                || ReadHex(tree, $"{folder}/phys_addr") is not { } start || ReadHex(tree, $"{folder}/virt_addr") is not { } mapped
                || ReadHex(tree, $"{folder}/num_pages") is not { } pages
                || ReadHex(tree, $"{folder}/attribute") is not { } attributes)
            {
                return null;
            }

            map.Add(new EfiMemoryDescriptor(
                (uint)type, new PhysicalAddress(start), new VirtualAddress(mapped), unchecked((long)pages),
                unchecked((long)attributes)));
        }

        return mapSize == 0 || version != 1 || map.Count == 0
            || ReadHex(tree, $"{EfiFolder}/fw_vendor") is not { } vendor
            || ReadHex(tree, $"{EfiFolder}/config_table") is not { } tables
            ? null
            : new EfiRuntime(
                info, bootParams.Span[BootParams.SecureBootOffset], new FirmwarePointer(vendor),
                new FirmwarePointer(ReadHex(tree, $"{EfiFolder}/runtime") ?? 0), new FirmwarePointer(tables),
                new FirmwarePointer(FindTable(systab, "SMBIOS=")), map);
    }

    /// <summary>A line <c>NAME=0xaddress</c> of systab; 0 when there is none.</summary>
    private static ulong FindTable(string systab, string key)
    {
        foreach (string line in systab.Split('\n'))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
            {
                return ParseHex(line.AsSpan(key.Length)) ?? 0;
            }
        }

        return 0;
    }

    /// <summary>The folders named by numbers, in the order of these; none when there are too many to be true.</summary>
    private static List<string> Numbered(SystemTree tree, string folder)
    {
        var names = new List<string>();
        foreach (string name in tree.FolderNames(folder))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                names.Add(name);
            }
        }

        if (names.Count > MaxEntries)
        {
            return [];
        }

        // Numbers without leading zeros: the shorter is the smaller.
        names.Sort(static (left, right) => left.Length != right.Length
            ? left.Length - right.Length
            : string.CompareOrdinal(left, right));
        return names.ConvertAll(name => $"{folder}/{name}");
    }

    private static ulong? ReadHex(SystemTree tree, string file) => ParseHex(tree.TryReadText(file));

    private static ulong? ParseHex(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> digits = text.Trim();
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : null;
    }
}
