using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

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

    /// <summary>Where each CPU that is present saves its registers, by CPU number.</summary>
    public IReadOnlyList<CpuCrashNotes> CpuNotes { get; init; } = [];

    /// <summary>The memory of the VMCOREINFO note; empty when the kernel gives none.</summary>
    public PhysicalRange Vmcoreinfo { get; init; }

    /// <summary>The ACPI root pointer; null when neither the firmware's table nor the boot loader named it.</summary>
    public PhysicalAddress? AcpiRsdp { get; init; }

    /// <summary>The running kernel's screen_info, the first 64 bytes of its boot_params; empty when unknown.</summary>
    public ReadOnlyMemory<byte> ScreenInfo { get; init; }

    /// <summary>
    /// Memory the kernel manages (MemTotal); its limits on segments count from this. Null when unknown.
    /// </summary>
    public ByteCount? TotalRam { get; init; }

    /// <summary>Whether the machine pages with five levels.</summary>
    public bool FiveLevelPaging { get; init; }

    /// <summary>Where the running kernel maps memory.</summary>
    public VirtualLayout Layout { get; init; } = VirtualLayout.Unknown;

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
