using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Tests.Planning;

public sealed class CaptureCommandLineTests
{
    private const string Added = "nr_cpus=1 reset_devices irqpoll nokaslr numa=off cgroup_disable=memory "
        + "transparent_hugepage=never acpi_no_memhotplug hest_disable novmcoredd "
        + "initcall_blacklist=tracer_init_tracefs DOTNET_GCGen0MaxBudget=40000 panic=10";

    [Theory]
    [InlineData("BOOT_IMAGE=/vmlinuz root=UUID=1 ro console=ttyS0 crashkernel=128M quiet", "console=ttyS0 ")]
    [InlineData("hugepages=64 hugepagesz=1G default_hugepagesz=1G intel_iommu=on", "intel_iommu=on ")]
    [InlineData("crashkernel=1G,high crashkernel=256M,low nr_cpus=64 isolcpus=2-8 panic=0", "")]
    [InlineData("initrd=\\initrd.img systemd.unit=rescue.target rd.break transparent-hugepage=always", "")]
    [InlineData("oops=panic sysctl.vm.nr_hugepages=512 nmi_watchdog=0", "nmi_watchdog=0 ")]
    [InlineData("dyndbg=\"file a.c +p\" console=tty0 -- init-argument", "dyndbg=\"file a.c +p\" console=tty0 ")]
    [InlineData("  a   b\t", "a b ")]
    [InlineData("", "")]
    public void Takes_over_what_does_not_hurt_and_adds_what_a_capture_needs(string running, string kept) =>
        Assert.Equal(kept + Added, CaptureCommandLine.FromRunning(running));

    [Fact]
    public void What_the_user_appends_comes_last_and_alone_says_how_many_CPUs() =>
        Assert.Equal(
            Added.Replace("nr_cpus=1 ", "", StringComparison.Ordinal).Replace("panic=10", "panic=3", StringComparison.Ordinal) + " debug nr_cpus=2",
            CaptureCommandLine.FromRunning("", "debug  nr_cpus=2", panicSeconds: 3));

    [Theory]
    [InlineData("nr_cpus=4", " disable_cpu_apicid=16 nr_cpus=4")]
    [InlineData("nr_cpus=4 disable_cpu_apicid=0", " nr_cpus=4 disable_cpu_apicid=0")]
    public void With_several_CPUs_the_one_that_the_machine_booted_on_is_left_alone(string append, string end) =>
        Assert.EndsWith(" panic=10" + end, CaptureCommandLine.FromRunning("", append, bootCpu: 16), StringComparison.Ordinal);

    [Fact]
    public void With_one_CPU_nothing_is_said_of_the_others() =>
        Assert.Equal(Added, CaptureCommandLine.FromRunning("", bootCpu: 0));
}
