using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Tests.Planning;

public sealed class CaptureCommandLineTests
{
    private const string Added = "nr_cpus=1 reset_devices irqpoll nokaslr numa=off cgroup_disable=memory "
        + "transparent_hugepage=never acpi_no_memhotplug hest_disable novmcoredd "
        + "initcall_blacklist=tracer_init_tracefs panic=10";

    [Theory]
    [InlineData("BOOT_IMAGE=/vmlinuz root=UUID=1 ro console=ttyS0 crashkernel=128M quiet", "console=ttyS0 ")]
    [InlineData("hugepages=64 hugepagesz=1G default_hugepagesz=1G intel_iommu=on", "intel_iommu=on ")]
    [InlineData("crashkernel=1G,high crashkernel=256M,low nr_cpus=64 isolcpus=2-8 panic=0", "")]
    [InlineData("initrd=\\initrd.img systemd.unit=rescue.target rd.break transparent-hugepage=always", "")]
    [InlineData("dyndbg=\"file a.c +p\" console=tty0 -- init-argument", "dyndbg=\"file a.c +p\" console=tty0 ")]
    [InlineData("  a   b\t", "a b ")]
    [InlineData("", "")]
    public void Takes_over_what_does_not_hurt_and_adds_what_a_capture_needs(string running, string kept) =>
        Assert.Equal(kept + Added, CaptureCommandLine.FromRunning(running));

    [Fact]
    public void What_the_user_appends_comes_last() =>
        Assert.Equal(Added.Replace("panic=10", "panic=3", StringComparison.Ordinal) + " debug nr_cpus=2",
            CaptureCommandLine.FromRunning("", "debug  nr_cpus=2", panicSeconds: 3));
}
