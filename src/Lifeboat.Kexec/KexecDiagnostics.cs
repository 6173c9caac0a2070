using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec;

/// <summary>The kinds of diagnostics of this room.</summary>
public static class KexecDiagnostics
{
    /// <summary>The kernel image ends before its own headers say.</summary>
    public static DiagnosticId ImageTruncated { get; } = new(4001, "kernel image truncated");

    /// <summary>The file is no kernel for this machine.</summary>
    public static DiagnosticId ImageForeign { get; } = new(4002, "not a kernel image");

    /// <summary>The image is a kernel that cannot be started, or wants what is not done.</summary>
    public static DiagnosticId ImageUnsuitable { get; } = new(4003, "unsuitable kernel image");

    /// <summary>A field of the image contradicts the file or another field.</summary>
    public static DiagnosticId ImageDamaged { get; } = new(4004, "damaged kernel image");

    /// <summary>A file of /proc or /sys that is needed is missing or unreadable.</summary>
    public static DiagnosticId MachineFileMissing { get; } = new(4010, "machine description incomplete");

    /// <summary>A file of /proc or /sys does not read as expected.</summary>
    public static DiagnosticId MachineFileMalformed { get; } = new(4011, "machine description malformed");

    /// <summary>The kernel hides physical addresses from this user.</summary>
    public static DiagnosticId AddressesHidden { get; } = new(4012, "physical addresses hidden");

    /// <summary>No memory is reserved for a capture kernel.</summary>
    public static DiagnosticId NoReservation { get; } = new(4020, "no crash reservation");

    /// <summary>The segments do not fit the reservation.</summary>
    public static DiagnosticId ReservationTooSmall { get; } = new(4021, "crash reservation too small");

    /// <summary>The command line is longer than the kernel image takes, or holds what it cannot carry.</summary>
    public static DiagnosticId CommandLineUnusable { get; } = new(4022, "command line unusable");

    /// <summary>The memory map, the ELF core header or the segment list has too many entries.</summary>
    public static DiagnosticId TooManyEntries { get; } = new(4023, "too many entries");

    /// <summary>The image cannot run where it would have to be placed, or as this machine pages.</summary>
    public static DiagnosticId ImageDoesNotFitMachine { get; } = new(4024, "image does not fit the machine");

    /// <summary>No free RAM takes a segment.</summary>
    public static DiagnosticId NoRoom { get; } = new(4025, "no room in RAM");

    /// <summary>The reservation cannot be made smaller, or not now.</summary>
    public static DiagnosticId CannotShrink { get; } = new(4026, "cannot shrink the reservation");

    /// <summary>The kernel would refuse the plan: one of its own rules is broken.</summary>
    public static DiagnosticId RuleBroken { get; } = new(4030, "kernel rule broken");

    /// <summary>The kernel took the load but does not say that an image is loaded.</summary>
    public static DiagnosticId NotConfirmed { get; } = new(4031, "load not confirmed");

    /// <summary>Something keeps a panic from reaching a capture kernel, or makes the capture poorer.</summary>
    public static DiagnosticId NotReady { get; } = new(4040, "not ready for a crash");

    /// <summary>A plan stands, but something is left out of it.</summary>
    public static DiagnosticId PlanNotice { get; } = new(4041, "plan notice");

    /// <summary>An entry of the boot loader cannot be started from here: something is missing or not evaluated.</summary>
    public static DiagnosticId BootEntryUnusable { get; } = new(4070, "boot entry unusable");

    /// <summary>Which entry the boot loader would start cannot be told.</summary>
    public static DiagnosticId BootLoaderUnclear { get; } = new(4071, "boot loader unclear");
}
