using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Boot;

/// <summary>
/// The zero page that a kernel is started with (struct boot_params); everything not named here is zero, the
/// sentinel at 0x1ef among it. Source: Documentation/arch/x86/zero-page.rst.
/// </summary>
internal sealed record BootParams
{
    /// <summary>Bytes of the page.</summary>
    internal const int Size = 4096;

    /// <summary>The most entries the page has room for (E820_MAX_ENTRIES_ZEROPAGE).</summary>
    internal const int MaxMemoryMapEntries = 128;

    /// <summary>Bytes of screen_info, at the start of the page.</summary>
    internal const int ScreenInfoSize = 0x40;

    /// <summary>Where the firmware's ACPI root pointer stands.</summary>
    internal const int AcpiRsdpOffset = 0x70;

    /// <summary>struct efi_info and the fields in it that matter here.</summary>
    internal const int EfiInfoOffset = 0x1c0;
    internal const int EfiInfoSize = 0x20;
    internal const int EfiDescriptorSizeOffset = 0x08;
    internal const int EfiDescriptorVersionOffset = 0x0c;
    internal const int EfiMapOffset = 0x10;
    internal const int EfiMapSizeOffset = 0x14;
    internal const int EfiMapHighOffset = 0x1c;

    /// <summary>What the loader made out of Secure Boot.</summary>
    internal const int SecureBootOffset = 0x1ec;

    private const int ExtendedRamdiskImageOffset = 0xc0;
    private const int ExtendedRamdiskSizeOffset = 0xc4;
    private const int ExtendedCommandLineOffset = 0xc8;
    private const int MemoryMapCountOffset = 0x1e8;
    private const int LoaderTypeOffset = 0x210;
    private const int RamdiskImageOffset = 0x218;
    private const int RamdiskSizeOffset = 0x21c;
    private const int CommandLineOffset = 0x228;
    private const int SubarchitectureOffset = 0x23c;
    private const int SetupDataOffset = 0x250;
    private const int MemoryMapOffset = 0x2d0;

    /// <summary>
    /// What the BIOS said of disks (EDD): numbers of entries, boot record signatures, entries. It is asked in real mode, which only
    /// the first kernel went through.
    /// </summary>
    private const int DiskCountsOffset = 0x1e9;
    private const int DiskCountsEnd = 0x1eb;
    private const int DiskSignaturesOffset = 0x290;
    private const int DiskSignaturesEnd = 0x2d0;
    private const int DisksOffset = 0xd00;
    private const int DisksEnd = 0xeec;

    /// <summary>A loader without a number of its own.</summary>
    private const byte UnregisteredLoader = 0xff;

    /// <summary>The first protocol with a 64-bit entry, for images that come without a setup header (vmlinux).</summary>
    private const ushort Protocol64 = 0x020c;

    /// <summary>The image whose setup header is copied, when it has one.</summary>
    internal required KernelImage Image { get; init; }

    /// <summary>Where the command line lies, which ends in a NUL.</summary>
    internal required PhysicalAddress CommandLine { get; init; }

    /// <summary>Where the ramdisk lies; empty when there is none.</summary>
    internal PhysicalRange Ramdisk { get; init; }

    /// <summary>The memory map; what the page has no room for stands in <see cref="SetupData"/>.</summary>
    internal required IReadOnlyList<E820Entry> MemoryMap { get; init; }

    /// <summary>The first item of the list with more; zero for none.</summary>
    internal PhysicalAddress SetupData { get; init; }

    /// <summary>
    /// The ACPI root pointer; without it the kernel searches the BIOS area, which UEFI machines leave empty.
    /// </summary>
    internal PhysicalAddress? AcpiRsdp { get; init; }

    /// <summary>
    /// The running kernel's screen_info, so that the next kernel finds the same console; empty for none.
    /// </summary>
    internal ReadOnlyMemory<byte> ScreenInfo { get; init; }

    /// <summary>The running kernel's own page, for what only the firmware knows; empty when unknown.</summary>
    internal ReadOnlyMemory<byte> Running { get; init; }

    /// <summary>EFI; null for none.</summary>
    internal EfiRuntime? Efi { get; init; }

    /// <summary>Where the map of EFI's runtime services lies.</summary>
    internal PhysicalAddress EfiMap { get; init; }

    /// <summary>The page.</summary>
    internal byte[] ToBytes()
    {
        var page = new byte[Size];
        ScreenInfo.Span[..Math.Min(ScreenInfo.Length, ScreenInfoSize)].CopyTo(page);
        Write64(page, AcpiRsdpOffset, AcpiRsdp?.Value ?? 0);
        if (Image.SetupHeaderBytes.IsEmpty)
        {
            WriteHeader(page);
        }
        else
        {
            Image.SetupHeaderBytes.Span.CopyTo(page.AsSpan(SetupHeader.FileOffset));
        }

        page[LoaderTypeOffset] = UnregisteredLoader;
        Write64(page, SetupDataOffset, SetupData.Value);
        WriteRunning(page);
        WriteEfi(page);

        WriteSplit(page, RamdiskImageOffset, ExtendedRamdiskImageOffset, Ramdisk.Start.Value);
        WriteSplit(page, RamdiskSizeOffset, ExtendedRamdiskSizeOffset, Ramdisk.Length.Value);
        WriteSplit(page, CommandLineOffset, ExtendedCommandLineOffset, CommandLine.Value);

        int entries = Math.Min(MemoryMap.Count, MaxMemoryMapEntries);
        page[MemoryMapCountOffset] = (byte)entries;
        for (int i = 0; i < entries; i++)
        {
            MemoryMap[i].WriteTo(page.AsSpan(MemoryMapOffset + (i * E820Entry.Size), E820Entry.Size));
        }

        return page;
    }

    /// <summary>
    /// What the code before a vmlinux's entry would have said: without a loader's number the ramdisk would be taken for none.
    /// </summary>
    private void WriteHeader(Span<byte> page) =>
        new SetupHeader
        {
            BootFlag = SetupHeader.BootSectorMagic,
            HeaderMagic = SetupHeader.Magic,
            Version = Protocol64,
            LoadFlags = SetupLoadFlags.LoadedHigh,
            RamdiskAddressMaximum = int.MaxValue,
            CommandLineSize = (uint)Image.MaxCommandLineLength,
        }.WriteTo(page[SetupHeader.FileOffset..]);

    private void WriteRunning(Span<byte> page)
    {
        if (Running.Length < Size)
        {
            return;
        }

        ReadOnlySpan<byte> running = Running.Span;
        running[SubarchitectureOffset..(SubarchitectureOffset + sizeof(uint))].CopyTo(page[SubarchitectureOffset..]);
        running[DiskCountsOffset..DiskCountsEnd].CopyTo(page[DiskCountsOffset..]);
        running[DiskSignaturesOffset..DiskSignaturesEnd].CopyTo(page[DiskSignaturesOffset..]);
        running[DisksOffset..DisksEnd].CopyTo(page[DisksOffset..]);
    }

    private void WriteEfi(Span<byte> page)
    {
        if (Efi is null)
        {
            return;
        }

        Span<byte> info = page.Slice(EfiInfoOffset, EfiInfoSize);
        Efi.Info.Span.CopyTo(info);
        BinaryPrimitives.WriteUInt32LittleEndian(info[EfiDescriptorSizeOffset..], EfiMemoryDescriptor.Size);
        WriteSplit(info, EfiMapOffset, EfiMapHighOffset, EfiMap.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(info[EfiMapSizeOffset..], (uint)(Efi.Map.Count * EfiMemoryDescriptor.Size));
        page[SecureBootOffset] = Efi.SecureBoot;
    }

    /// <summary>
    /// A number whose low half has stood in the header since before 64 bits, and its high half elsewhere.
    /// </summary>
    private static void WriteSplit(Span<byte> page, int lowOffset, int highOffset, ulong value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page[lowOffset..], (uint)(value & uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(page[highOffset..], (uint)(value >> 32));
    }

    private static void Write64(Span<byte> page, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(page[offset..], value);
}
