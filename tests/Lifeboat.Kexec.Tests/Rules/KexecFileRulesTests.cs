using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Tests.Rules;

public sealed class KexecFileRulesTests
{
    private static readonly KexecEnvironment Machine = new()
    {
        Version = new KernelVersion(6, 12),
        HasKexecFileLoad = true,
        HasSysBootCapability = true,
        LoadDisabled = false,
        LoadLimitPanic = -1,
        Lockdown = "none",
        ChecksSignatures = true,
        ForcesSignatures = false,
        ImaAppraisesKernels = false,
        Reservation = new PhysicalRange(new PhysicalAddress(0x1000000), new PhysicalAddress(0x8000000)),
    };

    private static readonly KexecFileCall Good = new()
    {
        Flags = FileLoadFlags.OnCrash,
        KernelLength = ByteCount.FromMiB(8),
        ImageFault = "",
        RamdiskLength = ByteCount.FromMiB(4),
        CommandLineLength = new ByteCount(100),
        CommandLineRoom = new ByteCount(2047),
    };

    [Fact]
    public void A_sound_call_is_taken_signed_or_not() => Assert.Equal(Errno.None, KexecFileRules.Predict(Good, Machine));

    [Theory]
    [InlineData("flags-known", Errno.EINVAL)]
    [InlineData("kernel-readable", Errno.EBADF)]
    [InlineData("kernel-not-empty", Errno.EINVAL)]
    [InlineData("kernel-below-limit", Errno.EFBIG)]
    [InlineData("image-known", Errno.ENOEXEC)]
    [InlineData("signature-forced", Errno.EKEYREJECTED)]
    [InlineData("signature-when-locked-down", Errno.EPERM)]
    [InlineData("ramdisk-readable", Errno.EBADF)]
    [InlineData("ramdisk-not-empty", Errno.EINVAL)]
    [InlineData("command-line-ends", Errno.EINVAL)]
    [InlineData("command-line-fits", Errno.EINVAL)]
    [InlineData("room", Errno.EADDRNOTAVAIL)]
    [InlineData("capability", Errno.EPERM)]
    [InlineData("not-disabled", Errno.EPERM)]
    [InlineData("within-limit", Errno.EPERM)]
    [InlineData("built-in", Errno.ENOSYS)]
    public void A_call_that_breaks_one_rule_gets_its_errno(string name, Errno errno)
    {
        KexecFileCall call = name switch
        {
            "flags-known" => Good with { Flags = Good.Flags | FileLoadFlags.NoCma },
            "kernel-readable" => Good with { KernelReadable = false },
            "kernel-not-empty" => Good with { KernelLength = ByteCount.Zero },
            "kernel-below-limit" => Good with { KernelLength = ByteCount.FromMiB(4097) },
            "image-known" => Good with { ImageFault = "no HdrS" },
            "ramdisk-readable" => Good with { RamdiskReadable = false },
            "ramdisk-not-empty" => Good with { RamdiskLength = ByteCount.Zero },
            "command-line-ends" => Good with { CommandLineEnds = false },
            "command-line-fits" => Good with { CommandLineLength = new ByteCount(2018) },
            _ => Good with { SignatureGood = false },
        };
        KexecEnvironment machine = name switch
        {
            "signature-forced" => Machine with { ForcesSignatures = true, Lockdown = "integrity" },
            "signature-when-locked-down" => Machine with { Lockdown = "integrity" },
            "room" => Machine with { Reservation = default(PhysicalRange) },
            "capability" => Machine with { InUserNamespace = true },
            "not-disabled" => Machine with { LoadDisabled = true },
            "within-limit" => Machine with { LoadLimitPanic = 0 },
            "built-in" => Machine with { HasKexecFileLoad = false },
            _ => Machine,
        };
        Assert.Equal(name, KexecRuleOutcome.FirstBroken(KexecFileRules.Check(call, machine))?.Rule.Name);
        Assert.Equal(errno, KexecFileRules.Predict(call, machine));
    }

    [Fact]
    public void A_call_that_unloads_asks_only_who_calls_and_how()
    {
        var call = new KexecFileCall { Flags = FileLoadFlags.Unload, KernelReadable = false, RamdiskReadable = false };
        Assert.Equal(Errno.None, KexecFileRules.Predict(call, Machine));
        Assert.Equal(Errno.EINVAL, KexecFileRules.Predict(call with { Flags = call.Flags | (FileLoadFlags)0x40 }, Machine));
    }

    [Fact]
    public void A_command_line_may_fill_the_room_that_elfcorehdr_leaves()
    {
        Assert.Equal(Errno.None, KexecFileRules.Predict(Good with { CommandLineLength = new ByteCount(2017) }, Machine));
        Assert.Equal(Errno.None, KexecFileRules.Predict(Good with { Flags = FileLoadFlags.None, CommandLineLength = new ByteCount(2047) }, Machine));
    }
}
