namespace Lifeboat.Machine.Tests.Loading;

/// <summary>Debian's kdump-tools and systemd, unchanged, with this program in the place of kexec-tools' kexec.</summary>
public sealed class StandInTests
{
    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void Kdump_config_and_systemctl_kexec_work_with_it(string series)
    {
        if (series == "6.1")
        {
            TestMachine.RequireNightly();
        }

        TestKernel kernel = TestMachine.Kernel(series);
        string image = $"/boot/vmlinuz-{kernel.Release}";
        List<string> console = DebianGuest.Run(kernel, $"""
            run systemctl is-active kdump-tools
            run kdump-config status
            run kexec -p -S
            run kdump-config unload
            run kexec -p -S
            run kdump-config load
            run kdump-config show
            run kexec -S
            run kexec -c -l {image} --initrd={DebianGuest.NextRamdisk} --append="console=ttyS0 loglevel=3 panic=-1"
            run kexec -l -S
            run systemctl kexec
            sleep 1000
            """, "crashkernel=256M");
        string all = string.Join('\n', console);
        Assert.Contains("@@ systemctl is-active kdump-tools\nactive\n@@ = 0", all, StringComparison.Ordinal);
        Assert.Contains("@@ kdump-config status\ncurrent state   : ready to kdump\n@@ = 0", all, StringComparison.Ordinal);
        Assert.Contains("@@ kexec -p -S\n@@ = 1", all, StringComparison.Ordinal);
        Assert.Contains("@@ kdump-config unload\nunloaded kdump kernel.\n@@ = 0\n@@ kexec -p -S\n@@ = 0", all, StringComparison.Ordinal);
        Assert.Contains("loaded kdump kernel.\n@@ = 0", all, StringComparison.Ordinal);
        Assert.Contains("current state:    ready to kdump", all, StringComparison.Ordinal);
        Assert.Contains("@@ kexec -S\n@@ = 1", all, StringComparison.Ordinal);
        Assert.Contains("@@ kexec -l -S\n@@ = 1", all, StringComparison.Ordinal);
        Assert.True(console.Contains(DebianGuest.NextKernelRuns), all);
    }
}
