using Lifeboat.Drill.Guests;
using Lifeboat.Machine.Tests.Faults;
using Lifeboat.Machine.Tests.Loading;

namespace Lifeboat.Machine.Tests.Storage;

/// <summary>
/// A Debian that has a disk of another host mounted, by its own tools, builds a ramdisk for a folder there, is armed and panics.
/// </summary>
public sealed class NetworkDiskTests
{
    private const string Crash = "@@ crash";
    private const string KilledTarget = $"the iSCSI target {IscsiServer.Name} could not be set up";

    private const string Prepare =
        """
        depmod
        for module in virtio_pci virtio_net ext4 sd_mod iscsi_tcp nvme-tcp; do modprobe $module; done
        ip link set eth0 up
        ip addr add 10.0.2.15/24 dev eth0
        mkdir -p /etc/lifeboat
        appear() { for i in $(seq 100); do [ -b $1 ] && return; sleep 0.2; done; echo "no $1"; }

        """;

    private const string End =
        $"""
        run lifeboat ramdisk build /tmp/capture.img
        run lifeboat ramdisk check /tmp/capture.img
        run lifeboat arm --ramdisk /tmp/capture.img
        sync
        echo "{Crash}"
        echo c > /proc/sysrq-trigger
        """;

    [Fact]
    public void A_crash_is_saved_to_a_disk_of_an_iSCSI_target_that_wants_a_password()
    {
        TestMachine.RequireNightly();
        TestKernel kernel = TestMachine.Kernel("6.12");
        using var folder = new TemporaryFolder();
        DiskImage disk = NewDisk(folder, "iscsi");
        using IscsiServer server = IscsiServer.Start(disk.Path);
        List<string> console = Run(kernel, $"""
            {Prepare}
            {LogIn(server)}
            echo "local /srv/crash" > /etc/lifeboat/lifeboat.conf
            {End}
            """);
        Assert.Contains(console, line => line.StartsWith("initramfs-tools, since UUID=", StringComparison.Ordinal));
        server.Kill();
        MustHoldCrash(disk, folder);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void A_crash_is_saved_to_a_disk_by_NVMe_over_TCP(string series)
    {
        if (series != "6.12")
        {
            TestMachine.RequireNightly();
        }

        TestKernel kernel = TestMachine.Kernel(series);
        using var folder = new TemporaryFolder();
        DiskImage disk = NewDisk(folder, "nvme");
        using (NvmeServer server = NvmeServer.Start(kernel, disk.Path))
        {
            List<string> console = Run(kernel, $"""
                {Prepare}
                {Connect(server)}
                echo "local /mnt/crash" > /etc/lifeboat/lifeboat.conf
                {End}
                """);
            Assert.Contains(console, line => line.StartsWith("built-in: UUID=", StringComparison.Ordinal));
        }

        MustHoldCrash(disk, folder);
    }

    [Fact]
    public void A_target_whose_host_is_gone_costs_its_time_and_the_next_one_has_everything()
    {
        TestMachine.RequireNightly();
        TestKernel kernel = TestMachine.Kernel("6.12");
        using var folder = new TemporaryFolder();
        DiskImage gone = NewDisk(folder, "gone");
        DiskImage disk = NewDisk(folder, "nvme");
        using (IscsiServer dies = IscsiServer.Start(gone.Path))
        using (NvmeServer server = NvmeServer.Start(kernel, disk.Path))
        {
            List<string> console = Run(kernel, $"""
                {Prepare}
                {LogIn(dies)}
                {Connect(server)}
                printf 'local /srv/crash\nlocal /mnt/crash\n' > /etc/lifeboat/lifeboat.conf
                {End}
                """, line =>
                {
                    if (line == Crash)
                    {
                        dies.Kill();
                    }
                });
            Assert.Contains(console, line => line.Contains(KilledTarget, StringComparison.Ordinal));
        }

        MustHoldCrash(disk, folder);
        Assert.Equal("older", Path.GetFileName(Assert.Single(Directory.GetDirectories(gone.TakeOut(folder.File("gone.crashes"))))));
    }

    private static DiskImage NewDisk(TemporaryFolder folder, string name)
    {
        DiskImage disk = DiskImage.Create(folder.File(name), 512L << 20, Guid.NewGuid());
        disk.Add("older");
        return disk;
    }

    private static string LogIn(IscsiServer server)
    {
        string node = $"iscsiadm -m node -T {IscsiServer.Name} -p 10.0.2.2:{server.Port}";
        return $"""
            echo InitiatorName=iqn.2026-11.example:host > /etc/iscsi/initiatorname.iscsi
            iscsid
            {node} -o new
            {node} -o update -n node.session.auth.authmethod -v CHAP
            {node} -o update -n node.session.auth.username -v {IscsiServer.User}
            {node} -o update -n node.session.auth.password -v "{IscsiServer.Password}"
            {node} -l
            appear /dev/sda
            run mount /dev/sda /srv
            """;
    }

    private static string Connect(NvmeServer server) => $"""
        run nvme connect -t tcp -a 10.0.2.2 -s {server.Port} -n {NvmeServer.Name}
        appear /dev/nvme0n1
        run mount /dev/nvme0n1 /mnt
        """;

    private static List<string> Run(TestKernel kernel, string script, Action<string>? onLine = null)
    {
        using var folder = new TemporaryFolder();
        using GuestMachine guest = DebianGuest.Start(kernel, folder, script, new DebianGuestSetup
        {
            Append = "crashkernel=256M net.ifnames=0",
            Modules = ["virtio_pci", "virtio_net", "ext4", "sd_mod", "iscsi_tcp", "nvme-tcp"],
            Arguments = ["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="],
        });
        List<string> console = DebianGuest.Read(guest, line =>
        {
            onLine?.Invoke(line);
            return true;
        });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', console));
        foreach (string command in (string[])["ramdisk build", "ramdisk check", "arm --ramdisk"])
        {
            int at = console.FindIndex(line => line.StartsWith($"@@ lifeboat {command}", StringComparison.Ordinal));
            Assert.True(at >= 0, string.Join('\n', console));
            Assert.Equal("@@ = 0", console.Skip(at + 1).First(line => line.StartsWith("@@ ", StringComparison.Ordinal)));
        }

        return console;
    }

    private static void MustHoldCrash(DiskImage disk, TemporaryFolder folder)
    {
        string crash = Assert.Single(
            Directory.GetDirectories(disk.TakeOut(folder.File("crashes"))), static found => Path.GetFileName(found) != "older");
        var saved = new SavedCrash(crash);
        Assert.True(saved.Manifest.Complete, saved.Manifest.Reason);
        Assert.Equal(["log", "report", "dump"], saved.SavedTiers());
        ProgramResult verified = TestMachine.Run(TestMachine.Program, ["verify", crash]);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }
}
