using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Rules;

/// <summary>
/// What the kernel checks of kexec_file_load, in its order. Source: kexec_file_load(),
/// kimage_file_prepare_segments(), kimage_validate_signature(), kernel_read_file(), bzImage64_probe() and
/// bzImage64_load() of Linux 5.10 to 7.x on x86-64.
/// </summary>
/// <remarks>
/// <para>The kernel then checks the segments it made itself by the rules of <see cref="KexecRules"/> from
/// <c>no-wrap</c> on, which they keep but for <c>sum-below-half</c> and <c>control-pages</c>.</para>
/// <para>A crash image that was loaded is gone once a call for another comes as far as <c>kernel-readable</c>.</para>
/// </remarks>
public static class KexecFileRules
{
    /// <summary>Room for <c>elfcorehdr=0x…</c>, which the kernel adds for a crash (MAX_ELFCOREHDR_STR_LEN).</summary>
    internal const int ElfCoreHeaderRoom = 30;

    private static readonly KernelVersion Limits = new(6, 3);
    private static readonly KernelVersion DebugFlag = new(6, 8);
    private static readonly KernelVersion NoCmaFlag = new(6, 17);
    private static readonly KernelVersion DeviceTreeFlag = new(6, 18);

    private static readonly ByteCount MaxFile = new(1UL << 32);

    private static readonly CheckedRule<KexecFileCall>[] All =
    [
        new(new("built-in", "the kernel has kexec_file_load (CONFIG_KEXEC_FILE)", Errno.ENOSYS,
                "Use kexec_load, or a kernel with CONFIG_KEXEC_FILE=y") { IsAboutTheMachine = true },
            static (_, machine) => Finding.Require(machine.HasKexecFileLoad, "CONFIG_KEXEC_FILE is not set")),
        new(new("capability", "the process has CAP_SYS_BOOT in the first user namespace", Errno.EPERM,
                "Run it as root, outside a container that drops the capability") { IsAboutTheMachine = true },
            static (_, machine) => MachineChecks.Capability(machine)),
        new(new("not-disabled", "loading is not switched off", Errno.EPERM,
                "Loading stays off until the next boot: find what sets kernel.kexec_load_disabled, and load before that")
            { IsAboutTheMachine = true },
            static (_, machine) => MachineChecks.NotDisabled(machine)),
        new(new("within-limit", "loads of this kind are left", Errno.EPERM,
                "The limit stays until the next boot: find what sets kernel.kexec_load_limit_panic or _reboot")
            { IsAboutTheMachine = true, Since = Limits },
            static (call, machine) => MachineChecks.WithinLimit(machine, call.IsForCrash)),
        new(new("flags-known", "the kernel knows every flag", Errno.EINVAL,
                "Leave out what the running kernel does not know"), FlagsKnown),
        new(new("not-busy", "no other load or kexec is under way", Errno.EBUSY, "Try again") { IsAboutTheMachine = true },
            static (_, _) => Finding.Unknown),
        new(new("kernel-readable", "the kernel's descriptor is open for reading", Errno.EBADF,
                "This is a fault of the program: report it"),
            static (call, _) => Loading(call, Finding.Require(call.KernelReadable, "it is not"))),
        new(new("kernel-not-empty", "the kernel file has bytes", Errno.EINVAL, "Give the kernel's image"),
            static (call, _) => Loading(call, NotEmpty(call.KernelLength))),
        new(new("kernel-below-limit", "the kernel file has at most 4 GiB", Errno.EFBIG, "Give the kernel's image"),
            static (call, _) => Loading(call, Small(call.KernelLength))),
        new(new("kernel-appraised", "the file has the signature that an IMA policy asks for", Errno.EACCES,
                "Sign the kernel file for IMA (security.ima), or change the policy"),
            static (call, machine) => machine.ImaAppraisesKernels switch
            {
                true => Loading(call, Finding.Unknown),
                false => Finding.Holds,
                null => Finding.Unknown,
            }),
        new(new("image-known", "the file is a 64-bit bzImage that can be loaded above 4 GiB and pages as the machine does",
                Errno.ENOEXEC, "Give a bzImage, or use kexec_load, which takes other images too"),
            static (call, _) => Loading(call, call.ImageFault is not { } fault ? Finding.Unknown
                : fault.Length == 0 ? Finding.Holds : Finding.Broken(fault))),
        new(new("signature-forced", "the file is signed with a key the kernel trusts, where it takes no other",
                Errno.EKEYREJECTED, "Use a signed kernel, or enrol the key (mokutil --import)"),
            static (call, machine) => Loading(call, Signed(machine.ForcesSignatures, call.SignatureGood))),
        new(new("signature-when-locked-down", "the file is signed, or IMA appraises it, where the kernel is locked down",
                Errno.EPERM, "Use a signed kernel, or boot without lockdown="),
            static (call, machine) => Loading(call, machine.ImaAppraisesKernels == true ? Finding.Holds
                : Signed(machine.Lockdown is { } mode ? mode != "none" : null, call.SignatureGood))),
        new(new("ramdisk-readable", "the ramdisk's descriptor is open for reading", Errno.EBADF,
                "This is a fault of the program: report it"),
            static (call, _) => WithRamdisk(call, Finding.Require(call.RamdiskReadable, "it is not"))),
        new(new("ramdisk-not-empty", "the ramdisk has bytes", Errno.EINVAL, "Give a ramdisk, or none"),
            static (call, _) => WithRamdisk(call, NotEmpty(call.RamdiskLength))),
        new(new("ramdisk-below-limit", "the ramdisk has at most 4 GiB", Errno.EFBIG, "Use a smaller ramdisk"),
            static (call, _) => WithRamdisk(call, Small(call.RamdiskLength))),
        new(new("command-line-ends", "the command line's last byte is NUL", Errno.EINVAL,
                "This is a fault of the program: report it"),
            static (call, _) => Loading(call, call.CommandLineLength.Value == 0 || call.CommandLineEnds
                ? Finding.Holds
                : Finding.Broken("it is another"))),
        new(new("command-line-fits", "the command line, with elfcorehdr= for a crash, fits the image", Errno.EINVAL,
                "Give a shorter command line"), CommandLineFits),
        new(new("room", "there is memory for the kernel, the ramdisk and what goes with them", Errno.EADDRNOTAVAIL,
                "Boot with a larger crashkernel="),
            static (call, machine) => Loading(call, call.IsForCrash && machine.Reservation is { IsEmpty: true }
                ? Finding.Broken("nothing is reserved")
                : Finding.Unknown)),
    ];

    /// <summary>All rules, in the kernel's order.</summary>
    public static IReadOnlyList<KexecRule> Rules { get; } = Array.ConvertAll(All, static rule => rule.Rule);

    /// <summary>What each rule that the kernel has says of <paramref name="call"/>, in its order.</summary>
    public static IReadOnlyList<KexecRuleOutcome> Check(KexecFileCall call, KexecEnvironment environment) =>
        CheckedRule<KexecFileCall>.CheckAll(All, call, environment);

    /// <summary>
    /// What the kernel answers: the first broken rule's errno, or <see cref="Errno.None"/>. What is not known is taken
    /// to hold.
    /// </summary>
    public static Errno Predict(KexecFileCall call, KexecEnvironment environment) =>
        KexecRuleOutcome.Answer(Check(call, environment));

    private static Finding FlagsKnown(KexecFileCall call, KexecEnvironment machine)
    {
        KernelVersion? version = machine.Version;
        const FileLoadFlags Old = FileLoadFlags.Unload | FileLoadFlags.OnCrash | FileLoadFlags.NoRamdisk;
        FileLoadFlags unknown = call.Flags & ~(Old
            | (version is null || version >= DebugFlag ? FileLoadFlags.Debug : FileLoadFlags.None)
            | (version is null || version >= NoCmaFlag ? FileLoadFlags.NoCma : FileLoadFlags.None)
            | (version is null || version >= DeviceTreeFlag ? FileLoadFlags.ForceDeviceTree : FileLoadFlags.None));
        return unknown != FileLoadFlags.None ? Finding.Broken($"flags 0x{(uint)unknown:x}")
            : version is null && (call.Flags & ~Old) != FileLoadFlags.None ? Finding.Unknown
            : Finding.Holds;
    }

    private static Finding CommandLineFits(KexecFileCall call, KexecEnvironment machine)
    {
        ByteCount need = call.CommandLineLength + new ByteCount(call.IsForCrash ? (ulong)ElfCoreHeaderRoom : 0);
        return Loading(call, call.CommandLineRoom is not { } room ? Finding.Unknown
            : need <= room ? Finding.Holds
            : Finding.Broken($"{need.Value} bytes of {room.Value}"));
    }

    private static Finding Signed(bool? needed, bool? good) => needed switch
    {
        false => Finding.Holds,
        true => Finding.Require(good, "it is not signed so"),
        null => good == true ? Finding.Holds : Finding.Unknown,
    };

    private static Finding NotEmpty(ByteCount? length) =>
        Finding.Require(length is { } bytes ? bytes.Value != 0 : null, "it is empty");

    private static Finding Small(ByteCount? length) =>
        Finding.Require(length is { } bytes ? bytes <= MaxFile : null, $"{length}");

    private static Finding Loading(KexecFileCall call, Finding finding) => call.Unloads ? Finding.Holds : finding;

    private static Finding WithRamdisk(KexecFileCall call, Finding finding) =>
        (call.Flags & FileLoadFlags.NoRamdisk) != FileLoadFlags.None ? Finding.Holds : Loading(call, finding);
}
