using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Rules;

/// <summary>
/// What the kernel checks of kexec_load, in its order, so that the first broken rule is the one whose errno the call
/// yields. Source: kexec_load(), kexec_load_check(), do_kexec_load(), kimage_alloc_init(),
/// sanity_check_segment_list(), machine_kexec_prepare() and kimage_load_segment() of Linux 5.10 to 7.x on x86-64.
/// </summary>
/// <remarks>
/// <para>Rules about memory that runs out while an image for a reboot is copied are not here: nobody can know.</para>
/// <para>A crash image that was loaded is gone once a call for another comes as far as <c>entry-in-reservation</c>,
/// whatever comes of that call; an image for a reboot stays until the new one is whole.</para>
/// </remarks>
public static class KexecRules
{
    private const int SegmentMax = 16;
    private const uint ArchitectureMask = 0xFFFF0000;
    private const uint PreserveContext = 0x2;
    private const uint UpdateElfCoreHeader = 0x4;
    private const uint CrashHotplugSupport = 0x8;

    private static readonly KernelVersion Copied = new(5, 15);
    private static readonly KernelVersion Limits = new(6, 3);
    private static readonly KernelVersion InclusiveEnd = new(6, 6);
    private static readonly KernelVersion ElfCoreHeader = new(6, 6);
    private static readonly KernelVersion CrashHotplug = new(6, 10);

    private static readonly KexecRule ReadableList = new(
        "segments-readable", "the list of segments can be read", Errno.EFAULT,
        "This is a fault of the program: report it");

    private static readonly CheckedRule<KexecLoadCall>[] All =
    [
        new(new("built-in", "the kernel has kexec_load (CONFIG_KEXEC)", Errno.ENOSYS,
                "Use kexec_file_load where the kernel has it, or a kernel with CONFIG_KEXEC=y")
            { IsAboutTheMachine = true },
            static (_, machine) => Finding.Require(machine.HasKexecLoad, "CONFIG_KEXEC is not set")),
        new(new("capability", "the process has CAP_SYS_BOOT in the first user namespace", Errno.EPERM,
                "Run it as root, outside a container that drops the capability") { IsAboutTheMachine = true },
            static (_, machine) => MachineChecks.Capability(machine)),
        new(new("not-disabled", "loading is not switched off", Errno.EPERM,
                "Loading stays off until the next boot: find what sets kernel.kexec_load_disabled, and load before that")
            { IsAboutTheMachine = true },
            static (_, machine) => MachineChecks.NotDisabled(machine)),
        new(new("within-limit", "loads of this kind are left", Errno.EPERM,
                "The limit stays until the next boot: find what sets kernel.kexec_load_limit_panic or _reboot. "
                + "Every call counts, refused ones and unloading too") { IsAboutTheMachine = true, Since = Limits },
            static (call, machine) => MachineChecks.WithinLimit(machine, call.IsForCrash)),
        new(new("no-appraisal", "no IMA policy appraises kernels, which needs a file", Errno.EACCES,
                "Load with kexec_file_load, whose kernel IMA can appraise") { IsAboutTheMachine = true },
            static (_, machine) => Finding.Require(!machine.ImaAppraisesKernels, "IMA appraises kernels")),
        new(new("not-locked-down", "the kernel is not locked down", Errno.EPERM,
                "Load a signed kernel with kexec_file_load, switch Secure Boot off, or boot without lockdown=")
            { IsAboutTheMachine = true },
            static (_, machine) => MachineChecks.NotLockedDown(machine)),
        new(new("flags-known", "the kernel knows every flag", Errno.EINVAL,
                "Leave out what the running kernel does not know"), FlagsKnown),
        new(new("segment-count", $"there are at most {SegmentMax} segments", Errno.EINVAL,
                "Load fewer pieces: join ramdisks"),
            static (call, _) => call.SegmentCount > SegmentMax
                ? Finding.Broken($"{call.SegmentCount} segments")
                : Finding.Holds),
        new(new("architecture", "the flags name the running architecture, or none", Errno.EINVAL,
                "Load a kernel of this machine's architecture"),
            static (call, _) => ((uint)call.Flags & ArchitectureMask) is 0 or (uint)KexecLoadFlags.ArchX8664
                ? Finding.Holds
                : Finding.Broken($"architecture {(uint)call.Flags >> 16}")),
        new(ReadableList with { Since = Copied }, SegmentsReadable),
        new(new("not-busy", "no other load or kexec is under way", Errno.EBUSY, "Try again") { IsAboutTheMachine = true },
            static (_, _) => Finding.Unknown),
        new(new("entry-in-reservation", "the entry point lies in the reservation", Errno.EADDRNOTAVAIL,
                "Boot with crashkernel= where nothing is reserved; else the reservation was changed since it was read"),
            SegmentChecks.Entry),
        new(ReadableList with { Before = Copied }, SegmentsReadable),
        new(new("no-wrap", "no segment ends below its start", Errno.EADDRNOTAVAIL,
                "This is a fault of the program: report it"), SegmentChecks.NoWrap),
        new(new("page-aligned", "every segment begins and ends at a page", Errno.EADDRNOTAVAIL,
                "This is a fault of the program: report it"), SegmentChecks.PageAligned),
        new(new("below-limit", "every segment ends below 64 TiB, or 4 PiB with five-level paging", Errno.EADDRNOTAVAIL,
                "Load lower"), SegmentChecks.BelowLimit),
        new(new("no-overlap", "no two segments overlap", Errno.EINVAL,
                "This is a fault of the program: report it"), SegmentChecks.NoOverlap),
        new(new("content-fits", "no segment's content is longer than its memory", Errno.EINVAL,
                "This is a fault of the program: report it"), SegmentChecks.ContentFits),
        new(new("segment-below-half", "no segment takes more than half of the RAM", Errno.EINVAL,
                "Use a smaller ramdisk or kernel"), SegmentChecks.SegmentBelowHalf),
        new(new("sum-below-half", "all segments take no more than half of the RAM", Errno.EINVAL,
                "Use a smaller ramdisk or kernel"), SegmentChecks.SumBelowHalf),
        new(new("in-reservation", "every segment lies in the reservation", Errno.EADDRNOTAVAIL,
                "The reservation was changed since it was read: load again"), SegmentChecks.InReservation),
        new(new("nothing-at-zero", "no segment for a reboot is empty and at address 0", Errno.ENOMEM,
                "This is a fault of the program: report it") { Since = InclusiveEnd }, SegmentChecks.NothingAtZero),
        new(new("control-pages", "the reservation has room for the kernel's own pages beside the segments", Errno.ENOMEM,
                "Boot with a larger crashkernel="), SegmentChecks.ControlPagesFit, NeedsEarlier: true),
        new(new("content-readable", "every segment's content can be read", Errno.EFAULT,
                "This is a fault of the program: report it"), SegmentChecks.ContentReadable),
    ];

    /// <summary>All rules, in the kernel's order; one that moved between versions stands at both places.</summary>
    public static IReadOnlyList<KexecRule> Rules { get; } = Array.ConvertAll(All, static rule => rule.Rule);

    /// <summary>What each rule that the kernel has says of <paramref name="call"/>, in its order.</summary>
    public static IReadOnlyList<KexecRuleOutcome> Check(KexecLoadCall call, KexecEnvironment environment) =>
        CheckedRule<KexecLoadCall>.CheckAll(All, call, environment);

    /// <summary>
    /// What the kernel answers: the first broken rule's errno, or <see cref="Errno.None"/>. What is not known of the
    /// machine is taken to hold.
    /// </summary>
    public static Errno Predict(KexecLoadCall call, KexecEnvironment environment) =>
        KexecRuleOutcome.Answer(Check(call, environment));

    private static Finding SegmentsReadable(KexecLoadCall call, KexecEnvironment machine) =>
        call.Unloads || call.SegmentsReadable ? Finding.Holds : Finding.Broken("the list cannot be read");

    private static Finding FlagsKnown(KexecLoadCall call, KexecEnvironment machine)
    {
        uint flags = (uint)call.Flags & ~ArchitectureMask;
        uint known = (uint)KexecLoadFlags.OnCrash
            | (machine.HasKexecJump == false ? 0 : PreserveContext)
            | (machine.KeepsElfCoreHeader || machine.Version is null || machine.Version >= ElfCoreHeader ? UpdateElfCoreHeader : 0)
            | (machine.Version is null || machine.Version >= CrashHotplug ? CrashHotplugSupport : 0);
        uint unsure = (machine.HasKexecJump is null ? PreserveContext : 0)
            | (machine.Version is null ? (machine.KeepsElfCoreHeader ? 0 : UpdateElfCoreHeader) | CrashHotplugSupport : 0);
        return (flags & ~known) != 0 ? Finding.Broken($"flags 0x{flags & ~known:x}")
            : (flags & unsure) != 0 ? Finding.Unknown
            : Finding.Holds;
    }
}
