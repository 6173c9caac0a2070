using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// What a crash load must know of the running machine. A copy of its files serves as well as the machine.
/// </summary>
public sealed record MachineDescription
{
    /// <summary>The running kernel's release (uname -r); null when unknown.</summary>
    public string? Release { get; init; }

    /// <summary>The running kernel's command line, trimmed.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>The physical address space.</summary>
    public required IomemMap Iomem { get; init; }

    /// <summary>
    /// The firmware's memory map (/sys/firmware/memmap), ascending; empty when the kernel does not show it.
    /// </summary>
    public IReadOnlyList<E820Entry> FirmwareMemory { get; init; } = [];

    /// <summary>
    /// The memory of crashkernel=,cma (/sys/kernel/kexec/crash_cma_ranges), ascending: not in the dump, and the capture kernel's.
    /// </summary>
    public IReadOnlyList<PhysicalRange> CrashCma { get; init; } = [];

    /// <summary>
    /// Bytes the kernel wants an ELF core header to have room for, so that it can keep it up to date; null when it cannot.
    /// </summary>
    public ByteCount? CrashElfCoreHeaderSize { get; init; }

    /// <summary>Where each CPU that is present saves its registers, by CPU number.</summary>
    public IReadOnlyList<CpuCrashNotes> CpuNotes { get; init; } = [];

    /// <summary>The memory of the VMCOREINFO note; empty when the kernel gives none.</summary>
    public PhysicalRange Vmcoreinfo { get; init; }

    /// <summary>The ACPI root pointer; null when neither the firmware's table nor the boot loader named it.</summary>
    public PhysicalAddress? AcpiRsdp { get; init; }

    /// <summary>The running kernel's screen_info, the first 64 bytes of its boot_params; empty when unknown.</summary>
    public ReadOnlyMemory<byte> ScreenInfo { get; init; }

    /// <summary>What the running kernel was started with (struct boot_params, 4,096 bytes); empty when it does not show it.</summary>
    public ReadOnlyMemory<byte> BootParameters { get; init; }

    /// <summary>EFI's runtime services; null for a machine without, or when the kernel does not show all that is needed.</summary>
    public EfiRuntime? Efi { get; init; }

    /// <summary>How memory is encrypted, as far as is seen: <c>SME</c>, <c>TDX guest</c>; null for not at all.</summary>
    public string? MemoryEncryption { get; init; }

    /// <summary>The APIC ID of the CPU that the machine booted on; null where there is no APIC, or it is not told.</summary>
    public uint? BootCpu { get; init; }

    /// <summary>
    /// Memory the kernel manages (MemTotal); its limits on segments count from this. Null when unknown.
    /// </summary>
    public ByteCount? TotalRam { get; init; }

    /// <summary>Whether the machine pages with five levels.</summary>
    public bool FiveLevelPaging { get; init; }

    /// <summary>Where the running kernel maps memory.</summary>
    public VirtualLayout Layout { get; init; } = VirtualLayout.Unknown;

    /// <summary>What of the machine decides over a load; <see cref="KexecEnvironment.Of"/> adds its memory.</summary>
    public KexecEnvironment Environment { get; init; } = new();

    /// <summary>
    /// The reservations, ascending: the low one below 4 GiB, if any, and the one that is loaded into.
    /// </summary>
    public IReadOnlyList<PhysicalRange> Reservations => Iomem.Reservations;

    /// <summary>
    /// The reservation the kernel lets segments into (crashk_res), which lies above the low one; null when there is
    /// none.
    /// </summary>
    public PhysicalRange? Reservation => Reservations is [.., var last] ? last : null;

    /// <summary>All RAM.</summary>
    public IReadOnlyList<PhysicalRange> Ram =>
        PhysicalRanges.Normalize(Iomem.Matching(name => name.StartsWith("System RAM", StringComparison.Ordinal)));

    /// <summary>Reads the files of /proc and /sys below <paramref name="root"/>.</summary>
    /// <exception cref="DiagnosticException">
    /// /proc/iomem or a note's address cannot be read, does not read as expected, or hides its addresses.
    /// </exception>
    public static MachineDescription ReadLive(string root = "/") => MachineReader.Read(new SystemTree(root));
}
