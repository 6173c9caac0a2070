using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Status;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Status;

public sealed class KexecStatusTests
{
    [Theory]
    [InlineData("sys/kernel/kexec/crash_loaded", "sys/kernel/kexec/crash_size")]
    [InlineData("sys/kernel/kexec_crash_loaded", "sys/kernel/kexec_crash_size")]
    public void Reads_the_new_place_and_the_old(string loaded, string size)
    {
        using MachineTree tree = Tree();
        tree.Write(loaded, "1\n");
        tree.Write(size, "134217728\n");
        KexecStatus status = KexecStatus.Read(tree.Root);
        Assert.True(status.IsArmed);
        Assert.True(status.KernelHasKexec);
        Assert.Equal(ByteCount.FromMiB(128), status.ReservationSize);
        Assert.Equal([TestPlans.Range(0x77000000, 0x7f000000)], status.Reservations);
        Assert.Empty(status.Problems);
    }

    [Fact]
    public void Says_everything_that_stands_in_the_way()
    {
        using MachineTree tree = Tree();
        tree.Write("sys/kernel/kexec_crash_loaded", "0\n");
        tree.Write("sys/kernel/kexec_crash_size", "0\n");
        tree.Write("proc/sys/kernel/kexec_load_disabled", "1\n");
        tree.Write("proc/sys/kernel/kexec_load_limit_panic", "0\n");
        tree.Write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        tree.Write("proc/self/status", "Name:\tx\nCapEff:\t0000000000000000\n");
        tree.Write("boot/config-6.1.0-56-amd64", "# CONFIG_KEXEC is not set\n# CONFIG_KEXEC_FILE is not set\n");
        KexecStatus status = KexecStatus.Read(tree.Root);
        Assert.Equal("integrity", status.Lockdown);
        Assert.False(status.KernelHasKexecLoad);
        Assert.Equal(
            [
                "/boot/config-6.1.0-56-amd64", "/sys/kernel/kexec_crash_size", "sysctl kernel.kexec_load_disabled",
                "sysctl kernel.kexec_load_limit_panic", "/sys/kernel/security/lockdown", "CAP_SYS_BOOT",
                "/sys/kernel/kexec_crash_loaded",
            ],
            status.Problems.Select(problem => problem.Where));
        Assert.All(status.Problems, problem => Assert.NotNull(problem.Remedy));
    }

    [Fact]
    public void A_capability_set_with_bit_22_may_load()
    {
        using MachineTree tree = Tree();
        tree.Write("proc/self/status", "CapEff:\t0000000000400000\n");
        Assert.True(KexecStatus.Read(tree.Root).HasSysBootCapability);
    }

    [Fact]
    public void A_kernel_without_kexec_is_one_problem()
    {
        using MachineTree tree = Tree();
        KexecStatus status = KexecStatus.Read(tree.Root);
        Assert.False(status.KernelHasKexec);
        Assert.Single(status.Problems);
    }

    [Fact]
    public void An_empty_tree_is_unknown_and_no_error()
    {
        string root = Directory.CreateTempSubdirectory("lifeboat-status-").FullName;
        try
        {
            KexecStatus status = KexecStatus.Read(root);
            Assert.Null(status.CrashImageLoaded);
            Assert.Null(status.ReservationSize);
            Assert.Empty(status.PanicKnobs);
        }
        finally
        {
            Directory.Delete(root);
        }
    }

    [Fact]
    public void Hidden_addresses_leave_the_size()
    {
        using MachineTree tree = Tree();
        tree.Write("proc/iomem", "00000000-00000000 : System RAM\n  00000000-00000000 : Crash kernel\n");
        tree.Write("sys/kernel/kexec_crash_size", "4096\n");
        KexecStatus status = KexecStatus.Read(tree.Root);
        Assert.Empty(status.Reservations);
        Assert.Equal(ByteCount.Page, status.ReservationSize);
    }

    [Theory]
    [InlineData("proc/sys/kernel/panic_on_oops", "0", "kernel.panic_on_oops", "no dump")]
    [InlineData("proc/sys/kernel/panic_on_oops", "1", "kernel.panic_on_oops", "starts the capture kernel")]
    [InlineData("proc/sys/kernel/sysrq", "438", "kernel.sysrq", "ignored")]
    [InlineData("proc/sys/kernel/sysrq", "8", "kernel.sysrq", "crashes the machine")]
    [InlineData("sys/module/kernel/parameters/crash_kexec_post_notifiers", "Y", "crash_kexec_post_notifiers", "hang")]
    public void Knobs_say_what_their_value_does(string file, string value, string name, string meaning)
    {
        using MachineTree tree = Tree();
        tree.Write(file, value + "\n");
        PanicKnob knob = Assert.Single(KexecStatus.Read(tree.Root).PanicKnobs);
        Assert.Equal(name, knob.Name);
        Assert.Contains(meaning, knob.Meaning, StringComparison.Ordinal);
    }

    private static MachineTree Tree() => new();
}
