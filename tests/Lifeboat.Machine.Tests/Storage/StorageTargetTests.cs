namespace Lifeboat.Machine.Tests.Storage;

/// <summary>Crashes that are saved to a folder on storage that real tools have put together, read back by a second boot.</summary>
public sealed class StorageTargetTests : IDisposable
{
    private const string Road = "initramfs-tools, since UUID=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_volume_of_LVM_takes_a_crash_and_an_encrypted_one_is_refused_before_it()
    {
        var guest = new StorageGuest(TestMachine.Kernel("6.1"), Disk("a", 256), Disk("b", 256), Disk("c", 64));
        string console = guest.Run($"""
            {Encrypted}
            vgcreate -q vg /dev/vda /dev/vdb
            lvcreate -q -y -n crash -l 100%FREE vg
            {Mounted("/dev/vg/crash")}
            mkdir -p /etc/modprobe.d
            echo 'options virtio_blk of_this_machine=1' >/etc/modprobe.d/disks.conf
            crash
            """);
        Assert.Contains("virtio_blk: unknown parameter 'of_this_machine' ignored", console, StringComparison.Ordinal);
        Assert.Contains("its key cannot be handed over", console, StringComparison.Ordinal);
        Assert.Contains("the encrypted device secret (CRYPT-LUKS2-", console, StringComparison.Ordinal);
        Assert.Contains(Road, console, StringComparison.Ordinal);
        Assert.Contains("is the volume vg/crash of LVM: /usr/sbin/lvm", console, StringComparison.Ordinal);
        MustBeSaved(console, guest.Run($"""
            vgchange -q -ay vg
            {ReadBack("/dev/vg/crash")}
            """));
    }

    [Fact]
    public void A_thin_volume_on_an_array_that_has_lost_a_disk_takes_a_crash()
    {
        TestMachine.RequireNightly();
        var guest = new StorageGuest(TestMachine.Kernel("6.1"), Disk("a", 384), Disk("b", 384));
        string console = guest.Run($$"""
            mdadm --create /dev/md0 --run --metadata=1.2 --level=1 --raid-devices=2 --assume-clean /dev/vda /dev/vdb
            vgcreate -q vg /dev/md0
            lvcreate -q -y -n pool --type thin-pool -L 300M vg
            lvcreate -q -y -n crash --thinpool pool -V 280M vg
            {{Mounted("/dev/vg/crash")}}
            broken() { run mdadm /dev/md0 --fail /dev/vdb --remove /dev/vdb; wipefs -qa /dev/vdb; }
            crash broken
            """);
        Assert.Contains("is the thin volume vg/crash of LVM: /usr/sbin/mdadm /usr/sbin/thin_check /usr/sbin/lvm", console, StringComparison.Ordinal);
        Assert.Contains("the array md0 of mdraid is set up without 1 of 2 with linux_raid_member", console, StringComparison.Ordinal);
        MustBeSaved(console, guest.Run($"""
            mdadm --assemble --run /dev/md0 /dev/vda
            vgchange -q -ay vg
            {ReadBack("/dev/vg/crash")}
            """));
    }

    [Fact]
    public void Dracut_collects_the_programs_where_initramfs_tools_is_not()
    {
        TestMachine.RequireNightly();
        var guest = new StorageGuest(TestMachine.Kernel("6.1"), Disk("a", 384));
        string console = guest.Run($"""
            mv /usr/sbin/mkinitramfs /usr/sbin/mkinitramfs.away
            vgcreate -q vg /dev/vda
            lvcreate -q -y -n crash -l 100%FREE vg
            {Mounted("/dev/vg/crash")}
            crash
            """);
        Assert.Contains("dracut, since UUID=", console, StringComparison.Ordinal);
        MustBeSaved(console, guest.Run($"""
            vgchange -q -ay vg
            {ReadBack("/dev/vg/crash")}
            """));
    }

    [Fact]
    public void A_volume_on_two_paths_to_one_disk_takes_a_crash()
    {
        TestMachine.RequireNightly();
        string disk = Disk("a", 384);
        string[] devices = ["-device", "virtio-scsi-pci,id=bus", .. Path("one"), .. Path("two")];
        var guest = new StorageGuest(TestMachine.Kernel("6.1"));
        const string Multipath = """
            printf 'defaults {\n user_friendly_names yes\n find_multipaths no\n}\n' >/etc/multipath.conf
            modprobe dm-multipath; modprobe dm-service-time
            multipath -v1; udevadm settle
            """;
        string console = guest.Run($"""
            {Multipath}
            vgcreate -q vg /dev/mapper/mpatha
            lvcreate -q -y -n crash -l 100%FREE vg
            {Mounted("/dev/vg/crash")}
            crash
            """, devices);
        Assert.Contains("is the volume vg/crash of LVM: /usr/sbin/dmsetup /usr/sbin/lvm", console, StringComparison.Ordinal);
        Assert.Contains("note: the multipath device mpatha is set up\n", console, StringComparison.Ordinal);
        MustBeSaved(console, guest.Run($"""
            {Multipath}
            vgchange -q -ay vg
            {ReadBack("/dev/vg/crash")}
            """, devices));

        string[] Path(string id) =>
        [
            "-drive", $"file={disk},if=none,id={id},format=raw,cache=unsafe,file.locking=off",
            "-device", $"scsi-hd,drive={id},bus=bus.0,serial=crash,wwn=0x5000c50015ea71ac,share-rw=on",
        ];
    }

    [Fact]
    public void An_encrypted_disk_takes_a_crash_where_the_kernel_hands_its_key_over()
    {
        TestMachine.RequireNightly();
        var guest = new StorageGuest(TestMachine.CrashKeysKernel, Disk("a", 256));
        string console = guest.Run($"""
            modprobe dm-crypt; mount -t configfs configfs /sys/kernel/config
            echo geheim | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 /dev/vda -
            echo geheim | cryptsetup open --key-file - /dev/vda secret
            {Mounted("/dev/mapper/secret")}
            echo 'local /var/crash' >/tmp/keyless.conf
            run lifeboat ramdisk build /tmp/keyless.img --settings /tmp/keyless.conf
            uuid=$(cryptsetup luksUUID /dev/vda)
            echo geheim | cryptsetup luksDump -q --dump-volume-key --volume-key-file /tmp/key --key-file - /dev/vda >/dev/null
            keyctl padd logon "kdump-cryptsetup:vk-$uuid" @u </tmp/key
            crash
            """);
        Assert.Contains("of type logon in root's user keyring", console, StringComparison.Ordinal);
        Assert.Contains("is the encrypted device secret: /usr/sbin/dmsetup", console, StringComparison.Ordinal);
        Assert.Contains("By kexec_file_load: a target is encrypted", console, StringComparison.Ordinal);
        MustBeSaved(console, guest.Run($"""
            modprobe dm-crypt
            echo geheim | cryptsetup open --key-file - /dev/vda secret
            {ReadBack("/dev/mapper/secret")}
            """));
    }

    private const string Encrypted = """
        modprobe dm-crypt
        echo geheim | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 /dev/vdc -
        echo geheim | cryptsetup open --key-file - /dev/vdc secret
        mkfs.ext4 -q -L secret /dev/mapper/secret
        udevadm settle
        echo 'ext4 LABEL=secret' >/tmp/secret.conf
        run lifeboat ramdisk build /tmp/secret.img --settings /tmp/secret.conf
        """;

    private static string Mounted(string device) => $"""
        udevadm settle
        mkfs.ext4 -q {device}
        mkdir -p /var/crash
        run mount {device} /var/crash
        """;

    private static string ReadBack(string device) => $"""
        mkdir -p /var/crash
        run mount {device} /var/crash
        run lifeboat verify /var/crash/2*
        """;

    private static void MustBeSaved(string console, string readBack)
    {
        Assert.Contains("@@ lifeboat ramdisk check /tmp/capture.img\n", console, StringComparison.Ordinal);
        Assert.DoesNotContain("error:", console.Split("@@ lifeboat ramdisk check")[1].Split("@@ = ")[0], StringComparison.Ordinal);
        string[] verified = readBack.Split("@@ lifeboat verify /var/crash/2");
        Assert.True(verified.Length == 2 && verified[1].Contains("/vmcore.kdump: size and SHA-256 compared\n", StringComparison.Ordinal)
            && verified[1].Contains("\n@@ = 0\n", StringComparison.Ordinal) && !verified[1].Contains("incomplete", StringComparison.Ordinal), console + readBack);
    }

    private string Disk(string name, int megabytes)
    {
        string path = _folder.File(name);
        using FileStream file = File.Create(path);
        file.SetLength((long)megabytes << 20);
        return path;
    }
}
