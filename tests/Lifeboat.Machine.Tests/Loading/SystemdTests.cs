using System.Text.RegularExpressions;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>What of this program runs by systemd and udev, in a Debian that has them.</summary>
public sealed partial class SystemdTests
{
    [Fact]
    public void Boot_shuts_the_system_down_in_order_and_the_next_kernel_runs()
    {
        TestKernel kernel = TestMachine.Kernel("6.12");
        List<string> console = DebianGuest.Run(kernel, $"""
            printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=true\nExecStop=sh -c "echo STOPPED >/dev/ttyS0"\n' >/run/systemd/system/stopped.service
            systemctl start stopped
            run lifeboat boot /boot/vmlinuz-{kernel.Release} --initrd {DebianGuest.NextRamdisk} --command-line "console=ttyS0 loglevel=3 panic=-1"
            sleep 1000
            """, "");
        int command = console.FindIndex(static line => line.StartsWith("@@ lifeboat boot", StringComparison.Ordinal));
        int stopped = console.IndexOf("STOPPED");
        int runs = console.IndexOf(DebianGuest.NextKernelRuns);
        Assert.True(command >= 0 && command < stopped && stopped < runs, string.Join('\n', console));
    }

    [Fact]
    public void Udev_and_systemd_load_again_once_for_many_events()
    {
        // A kernel that does not keep what is loaded up to date by itself.
        TestKernel kernel = TestMachine.Kernel("6.1");
        List<string> console = DebianGuest.Run(kernel, $"""
            settled() {'{'} udevadm settle; while [ -e /run/lifeboat/refresh ] || systemctl -q is-active lifeboat-refresh.service; do sleep 1; done; {'}'}
            kdump-config unload
            systemctl start lifeboat-refresh.path
            run lifeboat arm /boot/vmlinuz-{kernel.Release} --ramdisk {DebianGuest.IdleRamdisk}
            run udevadm test /devices/system/cpu/cpu1
            for i in 1 2 3 4 5 6 7 8 9 10; do
                echo add >/sys/devices/system/cpu/cpu0/uevent
                echo add >/sys/devices/system/cpu/cpu1/uevent
            done
            until journalctl -o cat -u lifeboat-refresh.service | grep -q "Nothing to refresh"; do sleep 1; done
            settled
            run journalctl --no-pager -o cat -u lifeboat-refresh.service
            run systemctl is-active lifeboat-refresh.path
            echo "{DebianGuest.AddCpu}"
            until journalctl -o cat -u lifeboat-refresh.service | grep -q "Loaded again"; do sleep 1; done
            settled
            run ls -d /sys/devices/system/cpu/cpu2
            run journalctl --no-pager -o cat -u lifeboat-refresh.service
            run kexec -p -S
            run lifeboat disarm
            """, "crashkernel=256M", refreshes: true);
        string all = string.Join('\n', console);
        Assert.Contains("run: '/bin/touch /run/lifeboat/refresh'", all, StringComparison.Ordinal);
        Assert.Contains("Armed: a panic starts", all, StringComparison.Ordinal);
        string[] journals = all.Split("@@ journalctl");
        Assert.True(journals.Length == 3, all);
        Assert.True(Unchanged().Count(journals[1]) is 1 or 2, all);
        Assert.Contains("@@ systemctl is-active lifeboat-refresh.path\nactive\n", all, StringComparison.Ordinal);
        Assert.True(LoadedAgain().Count(journals[2]) == 1, all);
        Assert.Contains("\n/sys/devices/system/cpu/cpu2\n@@ = 0", all, StringComparison.Ordinal);
        Assert.Contains("@@ kexec -p -S\n@@ = 1", all, StringComparison.Ordinal);
    }

    [GeneratedRegex("Nothing to refresh: the machine is as it was", RegexOptions.None, 1000)]
    private static partial Regex Unchanged();

    [GeneratedRegex("Loaded again: ", RegexOptions.None, 1000)]
    private static partial Regex LoadedAgain();
}
