using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;

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

    private const int ExtendedRamdiskImageOffset = 0xc0;
    private const int ExtendedRamdiskSizeOffset = 0xc4;
    private const int ExtendedCommandLineOffset = 0xc8;
    private const int MemoryMapCountOffset = 0x1e8;
    private const int LoaderTypeOffset = 0x210;
    private const int RamdiskImageOffset = 0x218;
    private const int RamdiskSizeOffset = 0x21c;
    private const int CommandLineOffset = 0x228;
    private const int MemoryMapOffset = 0x2d0;

    /// <summary>A loader without a number of its own.</summary>
    private const byte UnregisteredLoader = 0xff;

    /// <summary>The image whose setup header is copied, when it has one.</summary>
    internal required KernelImage Image { get; init; }

    /// <summary>Where the command line lies, which ends in a NUL.</summary>
    internal required PhysicalAddress CommandLine { get; init; }

    /// <summary>Where the ramdisk lies; empty when there is none.</summary>
    internal PhysicalRange Ramdisk { get; init; }

    /// <summary>The memory map.</summary>
    internal required IReadOnlyList<E820Entry> MemoryMap { get; init; }

    /// <summary>
    /// The ACPI root pointer; without it the kernel searches the BIOS area, which UEFI machines leave empty.
    /// </summary>
    internal PhysicalAddress? AcpiRsdp { get; init; }

    /// <summary>
    /// The running kernel's screen_info, so that the capture kernel finds the same console; empty for none.
    /// </summary>
    internal ReadOnlyMemory<byte> ScreenInfo { get; init; }

    /// <summary>The page.</summary>
    /// <exception cref="DiagnosticException">The memory map has more entries than the page has room for.</exception>
    internal byte[] ToBytes()
    {
        if (MemoryMap.Count > MaxMemoryMapEntries)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.TooManyEntries, "The capture kernel's memory map has too many ranges")
            {
                Found = $"{MemoryMap.Count}",
                Expected = $"at most {MaxMemoryMapEntries}",
            });
        }

        var page = new byte[Size];
        ScreenInfo.Span[..Math.Min(ScreenInfo.Length, ScreenInfoSize)].CopyTo(page);
        Write64(page, AcpiRsdpOffset, AcpiRsdp?.Value ?? 0);
        Image.SetupHeaderBytes.Span.CopyTo(page.AsSpan(SetupHeader.FileOffset));
        page[LoaderTypeOffset] = UnregisteredLoader;

        WriteSplit(page, RamdiskImageOffset, ExtendedRamdiskImageOffset, Ramdisk.Start.Value);
        WriteSplit(page, RamdiskSizeOffset, ExtendedRamdiskSizeOffset, Ramdisk.Length.Value);
        WriteSplit(page, CommandLineOffset, ExtendedCommandLineOffset, CommandLine.Value);

        page[MemoryMapCountOffset] = (byte)MemoryMap.Count;
        for (int i = 0; i < MemoryMap.Count; i++)
        {
            MemoryMap[i].WriteTo(page.AsSpan(MemoryMapOffset + (i * E820Entry.Size), E820Entry.Size));
        }

        return page;
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
