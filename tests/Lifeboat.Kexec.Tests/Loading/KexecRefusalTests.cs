using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Loading;

public sealed class KexecRefusalTests
{
    private static readonly KexecLoadCall OnCrash = new() { Flags = KexecLoadFlags.OnCrash };

    [Theory]
    [InlineData("capability", "CAP_SYS_BOOT")]
    [InlineData("sysctl", "kexec_load_disabled=1")]
    [InlineData("limit", "kexec_load_limit_panic=0")]
    [InlineData("lockdown", "locked down (integrity)")]
    [InlineData("none", "security module")]
    public void EPERM_is_told_by_what_the_machine_says_of_itself(string cause, string words)
    {
        var machine = new KexecEnvironment
        {
            HasSysBootCapability = cause != "capability",
            LoadDisabled = cause == "sysctl",
            LoadLimitPanic = cause == "limit" ? 0 : -1,
            Lockdown = cause == "lockdown" ? "integrity" : "none",
        };
        Assert.Contains(words, KexecRefusal.Explain(Errno.EPERM, OnCrash, machine), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.ENOSYS, "CONFIG_KEXEC")]
    [InlineData(Errno.EBUSY, "try again")]
    [InlineData(Errno.EADDRNOTAVAIL, "crashkernel=")]
    [InlineData(Errno.EINVAL, "half")]
    [InlineData(Errno.ENOMEM, "control pages")]
    [InlineData(Errno.EFAULT, "read the segments")]
    public void Every_errno_of_the_call_has_a_meaning(Errno errno, string words) =>
        Assert.Contains(words,
            KexecRefusal.Explain(errno, OnCrash, new KexecEnvironment { Reservation = default(PhysicalRange) }),
            StringComparison.Ordinal);

    [Fact]
    public void The_rule_that_is_broken_explains_its_errno()
    {
        var call = new KexecLoadCall { ToldSegments = 20, Flags = KexecLoadFlags.OnCrash };
        Assert.StartsWith("Rule segment-count:", KexecRefusal.Explain(Errno.EINVAL, call, new()), StringComparison.Ordinal);
        Assert.Contains("invalid", KexecRefusal.Explain(Errno.EINVAL, new KexecLoadCall(), new()), StringComparison.Ordinal);
        Assert.StartsWith(
            "Rule no-appraisal:",
            KexecRefusal.Explain(Errno.EACCES, call, new() { ImaAppraisesKernels = true }), StringComparison.Ordinal);
        Assert.Contains(
            "user namespace",
            KexecRefusal.Explain(Errno.EPERM, call, new() { InUserNamespace = true }), StringComparison.Ordinal);
        Assert.Contains(
            "seccomp",
            KexecRefusal.Explain(Errno.EPERM, call, new() { HasSeccompFilter = true }), StringComparison.Ordinal);
        Assert.Contains(
            "seccomp",
            KexecRefusal.Explain(Errno.ENOSYS, call, new() { HasSeccompFilter = true }), StringComparison.Ordinal);
        Assert.Null(KexecRefusal.Explain(Errno.EROFS, call, new()));
    }

    [Theory]
    [InlineData(Errno.ENOEXEC, "bzImage")]
    [InlineData(Errno.EKEYREJECTED, "signature")]
    [InlineData(Errno.EACCES, "IMA")]
    [InlineData(Errno.EPERM, "signed kernel")]
    [InlineData(Errno.EBADF, "kernel-readable")]
    [InlineData(Errno.EINVAL, "command line")]
    public void A_refusal_of_kexec_file_load_is_told_in_its_own_terms(Errno errno, string words) => Assert.Contains(
        words,
        KexecRefusal.Explain(errno, new KexecFileCall { KernelReadable = false }, new() { Lockdown = "integrity" }),
        StringComparison.Ordinal);

    [Fact]
    public void A_load_that_the_kernel_refuses_ends_with_its_errno()
    {
        // No kernel takes this: the entry point and the segment lie in the first pages of memory, never reserved.
        var plan = TestPlans.Plan() with { EntryPoint = new PhysicalAddress(0x1000), Segments = [] };
        plan = plan with { Segments = [new("nothing", TestPlans.Range(0x1000, 0x2000), new byte[1])] };
        KernelInterfaceException refusal = Assert.Throws<KernelInterfaceException>(() => KexecLoader.Load(plan));
        Assert.Equal("kexec_load", refusal.Operation);
        Assert.NotEqual(Errno.None, refusal.Errno);
        Assert.NotNull(refusal.Remedy);
    }
}
