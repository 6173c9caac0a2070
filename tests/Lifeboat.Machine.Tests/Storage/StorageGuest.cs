using System.Text;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;

namespace Lifeboat.Machine.Tests.Storage;

/// <summary>
/// A guest of Debian with the tools of LVM, mdraid, LUKS and multipath, initramfs-tools and dracut (eng/debian-root.sh), and blank disks. It
/// runs a script under udev, without systemd, and ends; at a panic the armed kernel captures.
/// </summary>
internal sealed class StorageGuest(TestKernel kernel, params string[] disks)
{
    private const int Executable = 0x1ED;
    private const int Readable = 0x1A4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(900);

    // With what they depend on by folder; depmod runs in the guest.
    private static readonly string[] ModuleFolders =
    [
        "arch/x86/crypto", "block", "crypto", "drivers/block/virtio_blk", "drivers/dax", "drivers/md", "drivers/scsi/device_handler",
        "drivers/scsi/scsi_common", "drivers/scsi/scsi_mod", "drivers/scsi/sd_mod", "drivers/scsi/virtio_scsi", "drivers/virtio", "fs/configfs",
        "fs/ext4", "fs/jbd2", "fs/mbcache", "lib",
    ];

    /// <summary>Runs a script, and gives all of the console.</summary>
    /// <param name="script">Lines of a shell; <c>run COMMAND...</c> prints the command and its exit code around its output.</param>
    /// <param name="devices">QEMU's arguments for the disks; null attaches each by virtio.</param>
    internal string Run(string script, string[]? devices = null)
    {
        using var folder = new TemporaryFolder();
        string ramdisk = folder.File("ramdisk");
        using (FileStream stream = File.Create(ramdisk))
        {
            using (FileStream root = File.OpenRead(TestMachine.StorageRoot))
            {
                root.CopyTo(stream);
            }

            Add(new CpioWriter(stream), script);
        }

        using var guest = GuestMachine.Start(TestMachine.Oracle("qemu-system-x86_64"), new GuestConfiguration
        {
            KernelPath = kernel.Image,
            RamdiskPath = ramdisk,
            CommandLine = "console=ttyS0 loglevel=5 panic=5 crashkernel=256M",
            Memory = ByteCount.FromMiB(1536),
            Cpus = 1,
            Accelerator = Accelerator.Emulation,
            MoreArguments = devices ?? [.. disks.SelectMany(static (disk, i) => (string[])[
                "-drive", $"file={disk},if=none,id=d{i},format=raw,cache=unsafe", "-device", $"virtio-blk-pci,drive=d{i}"])],
        }, TimeProvider.System);
        var console = new StringBuilder();
        while (guest.TryReadLine(out ConsoleLine? line, Deadline - guest.Elapsed, TestContext.Current.CancellationToken))
        {
            if (line is null)
            {
                return console.ToString();
            }

            console.Append(line.Text).Append('\n');
        }

        Assert.Fail($"the guest takes too long:\n{console}");
        return "";
    }

    private void Add(CpioWriter archive, string script)
    {
        archive.AddDirectory("boot");
        archive.AddFile($"boot/vmlinuz-{kernel.Release}", File.ReadAllBytes(kernel.Image), Readable);
        archive.AddFile($"boot/config-{kernel.Release}", File.ReadAllBytes(kernel.Config), Readable);
        archive.AddFile("usr/sbin/lifeboat", File.ReadAllBytes(TestMachine.Program), Executable);
        AddModules(archive);
        archive.AddFile("init", Encoding.UTF8.GetBytes(
            $$"""
            #!/bin/sh
            export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
            mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs run /run; mount -t tmpfs tmp /tmp
            exec </dev/null >/dev/ttyS0 2>&1
            run() { echo "@@ $*"; "$@"; echo "@@ = $?"; }
            depmod

            # A ramdisk packed by gzip is made in a tenth of the time.
            sed -i /CONFIG_RD_ZSTD/d /boot/config-*
            for module in virtio_pci virtio_blk virtio_scsi sd_mod ext4 dm-mod raid1; do modprobe $module; done
            /lib/systemd/systemd-udevd --daemon; udevadm trigger; udevadm settle
            crash() {
                mkdir -p /etc/lifeboat
                printf 'local /var/crash\ndisk_timeout 20\n' >/etc/lifeboat/lifeboat.conf
                run lifeboat ramdisk build /tmp/capture.img
                run lifeboat ramdisk check /tmp/capture.img
                run lifeboat arm /boot/vmlinuz-{{kernel.Release}} --ramdisk /tmp/capture.img
                "$@"
                sync
                echo c >/proc/sysrq-trigger
            }
            {{script}}
            poweroff -f
            """), Executable);
        archive.Finish();
    }

    private void AddModules(CpioWriter archive)
    {
        string place = $"usr/lib/modules/{kernel.Release}";
        var folders = new SortedSet<string>(StringComparer.Ordinal) { "usr/lib/modules", place };
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(kernel.Modules, "modules.*"))
        {
            files[$"{place}/{Path.GetFileName(path)}"] = path;
        }

        foreach (string path in Directory.EnumerateFiles(Path.Combine(kernel.Modules, "kernel"), "*.ko*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Path.Combine(kernel.Modules, "kernel"), path);
            if (Array.Exists(ModuleFolders, folder => name.StartsWith(folder, StringComparison.Ordinal)))
            {
                files[$"{place}/kernel/{name}"] = path;
                for (string folder = $"{place}/kernel/{Path.GetDirectoryName(name)}"; folder != place; folder = Path.GetDirectoryName(folder)!)
                {
                    folders.Add(folder);
                }
            }
        }

        foreach (string folder in folders)
        {
            archive.AddDirectory(folder);
        }

        foreach ((string name, string path) in files)
        {
            archive.AddFile(name, File.ReadAllBytes(path), Readable);
        }
    }
}
