using Lifeboat.Capture.Settings.Import;

namespace Lifeboat.Capture.Tests.Settings.Import;

/// <summary>What single settings become: the lines, and what is lost of each.</summary>
public sealed class ImportedDirectiveTests
{
    [Theory]
    [InlineData("core_collector makedumpfile -l --message-level 7 -d 31", "dump_level 31, compression lzo", "")]
    [InlineData("core_collector makedumpfile -zd17", "dump_level 17, compression zstd", "")]
    [InlineData("core_collector makedumpfile -c -d 31,17", "dump_level 31, compression zlib", "")]
    [InlineData("core_collector makedumpfile -d 31", "dump_level 31, compression none", "")]
    [InlineData("core_collector makedumpfile -p", "dump_level 0, compression snappy", "")]
    [InlineData("core_collector makedumpfile -d", "compression none", "dump_level takes 0 to 31")]
    [InlineData("core_collector makedumpfile -d 99 -l", "compression lzo", "dump_level takes 0 to 31")]
    [InlineData("core_collector makedumpfile -E -d 1 --num-threads=4", "dump_level 1, compression none, threads 4", "-E: the dump is")]
    [InlineData("core_collector makedumpfile -l -d 31 -e --config f x", "dump_level 31, compression lzo", "-e, --config, x: a capture")]
    [InlineData("core_collector cp --sparse=always", "dump_level 0, compression none", "cp makes an ELF file")]
    [InlineData("core_collector /usr/local/bin/save", "", "saved by lifeboat itself")]
    [InlineData("failure_action shell", "failure_action shell", "")]
    [InlineData("failure_action dump_to_rootfs\npath /dumps\nssh kdump@host", "ssh kdump@host, local /dumps, path /dumps", "")]
    [InlineData("link_delay 30\nnet kdump@host", "ssh kdump@host, net_timeout 30", "")]
    [InlineData("options card debug=1", "options card debug=1", "")]
    [InlineData("default halt\nfailure_action reboot", "failure_action halt", "comes from line 1 already")]
    [InlineData("final_action shell", "", "final_action takes reboot, halt, poweroff")]
    [InlineData("disk_timeout 60", "disk_timeout 60", "")]
    [InlineData("path /a/../b", "", "local takes the absolute path")]
    [InlineData("path /", "local /", "")]
    [InlineData("path dumps/", "local /dumps", "")]
    [InlineData("path /dumps\nfailure_action dump_to_rootfs", "local /dumps", "")]
    [InlineData("failure_action dump_to_rootfs", "local /var/crash", "")]
    [InlineData("path /dumps\nnet host:/export", "nfs host:/export, path /dumps", "")]
    [InlineData("ext4 LABEL=crash", "ext4 LABEL=crash", "")]
    [InlineData("ext4 PARTUUID=1", "", "ext4 takes UUID=")]
    [InlineData("ext4 /dev/vda1", "ext4 /dev/vda1", "")]
    [InlineData("ext4 /dev/vg/lv", "", "a volume group's name")]
    [InlineData("ext4 /dev/mapper/vg-lv", "ext4 /dev/mapper/vg-lv", "")]
    [InlineData("ext4 /dev/dm-3", "", "another one at each boot")]
    [InlineData("ext4 /dev/disk/by-path/x", "", "has no udev")]
    [InlineData("minix UUID=1", "", "no target of this kind")]
    [InlineData("xfs UUID=1", "", "xfs takes UUID")]
    [InlineData("xfs LABEL=crash", "xfs LABEL=crash", "")]
    [InlineData("nfs host:/export", "nfs host:/export", "")]
    [InlineData("nfs host", "", "nfs takes server:/export")]
    [InlineData("raw /dev/disk/by-partuuid/deadbeef-02", "raw /dev/disk/by-partuuid/deadbeef-02", "")]
    [InlineData("ssh kdump@host", "ssh kdump@host", "")]
    [InlineData("extra_modules gfs2 dm_mod", "extra_modules gfs2 dm_mod", "")]
    [InlineData("kdump_pre /sbin/a b", "", "kdump_pre takes")]
    [InlineData("fence_kdump_nodes a b", "", "cluster is not told")]
    public void Of_kdump_conf(string text, string lines, string lost) => Check(SettingsSource.KdumpConf, text, lines, lost);

    [Theory]
    [InlineData("MAKEDUMP_ARGS=\"-c -d 31\"", "dump_level 31, compression zlib", "")]
    [InlineData("KDUMP_FAIL_CMD=\"reboot -f\"", "failure_action reboot", "")]
    [InlineData("KDUMP_FAIL_CMD=\"systemctl poweroff\"", "failure_action poweroff", "")]
    [InlineData("KDUMP_FAIL_CMD=\"echo no; /bin/bash\"", "", "no command of a shell")]
    [InlineData("KDUMP_FAIL_CMD=systemctl", "", "no command of a shell")]
    [InlineData("KDUMP_DUMP_DMESG=0", "", "the log is always saved")]
    [InlineData("KDUMP_DUMP_DMESG=1", "", "")]
    [InlineData("KDUMP_COMPRESSION=xz", "", "packed one by one")]
    [InlineData("KDUMP_COREDIR=relative", "", "local takes the absolute path")]
    [InlineData("SSH=kdump@host\nKDUMP_COREDIR=/dumps", "ssh kdump@host, path /dumps", "")]
    [InlineData("KDUMP_COREDIR='/with#hash'", "", "local takes the absolute path")]
    [InlineData("NFS=host:/x", "nfs host:/x", "")]
    [InlineData("NFS_TIMEO=70\nNFS=host:/x\nNFS_RETRANS=3", "nfs host:/x timeo=70 retrans=3", "")]
    [InlineData("NFS_MOUNT_RETRY=4", "", "timeo= and retrans=")]
    [InlineData("SSH=kdump@host", "ssh kdump@host", "")]
    [InlineData("SSH_KEY=/root/.ssh/kdump", "sshkey /root/.ssh/kdump", "")]
    [InlineData("FTP=host:/x", "", "FTP is not spoken")]
    [InlineData("KDUMP_UNHEARD=1", "", "not a setting of that program")]
    [InlineData("KDUMP_COREDIR=/a\nKDUMP_COREDIR=/b", "local /b", "")]
    [InlineData("KDUMP_COREDIR=/a\nKDUMP_COREDIR=$X", "", "$X would need a shell")]
    public void Of_Debian_s_file(string text, string lines, string lost) => Check(SettingsSource.DebianKdumpTools, text, lines, lost);

    [Theory]
    [InlineData("KDUMP_SAVEDIR=/var/crash/", "local /var/crash", "")]
    [InlineData("KDUMP_SAVEDIR=FILE:///x", "local /x", "")]
    [InlineData("KDUMP_SAVEDIR=\"/a /b\"", "", "split over several folders")]
    [InlineData("KDUMP_SAVEDIR=nfs://host/x", "nfs host:/x", "")]
    [InlineData("KDUMP_DUMPFORMAT=compressed", "compression zlib", "")]
    [InlineData("KDUMP_DUMPFORMAT=ELF\nKDUMP_DUMPLEVEL=31", "dump_level 31, compression none", "makes an ELF file")]
    [InlineData("KDUMP_DUMPLEVEL=31\nKDUMP_DUMPFORMAT=raw", "dump_level 0, compression none", "makes an ELF file")]
    [InlineData("KDUMP_DUMPFORMAT=none", "", "the dump is always saved")]
    [InlineData("KDUMP_DUMPFORMAT=zip", "", "no format that SUSE's kdump has")]
    [InlineData("KDUMP_IMMEDIATE_REBOOT=no", "", "after a failure only")]
    [InlineData("KDUMP_CONTINUE_ON_ERROR=false", "failure_action shell", "")]
    [InlineData("KDUMP_CONTINUE_ON_ERROR=true", "", "")]
    [InlineData("KDUMP_SAVEDIR=ssh://me@host\nKDUMP_HOST_KEY='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0PPqlmKhmEUcJiypTYYxY+5z2sXGCLpO3eXUUSqmWQ'", "ssh me@host hostkey=\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0PPqlmKhmEUcJiypTYYxY+5z2sXGCLpO3eXUUSqmWQ\"", "")]
    [InlineData("KDUMP_HOST_KEY=AAAAC3NzaC1lZDI1NTE5AAAAIE0PPqlm", "", "the key's kind is missing")]
    [InlineData("KDUMP_HOST_KEY='*'", "", "never taken for another")]
    [InlineData("KDUMP_CPUS=32", "", "nr_cpus=")]
    [InlineData("KDUMP_CPUS=1", "", "")]
    [InlineData("MAKEDUMPFILE_OPTIONS=\"--num-threads 2\"", "threads 2", "")]
    [InlineData("KDUMP_FADUMP=yes", "", "firmware-assisted")]
    [InlineData("KDUMP_KEEP_OLD_DUMPS=-1", "keep_dumps 1", "")]
    [InlineData("KDUMP_KEEP_OLD_DUMPS=4", "keep_dumps 5", "")]
    [InlineData("KDUMP_KEEP_OLD_DUMPS=many", "", "no number")]
    [InlineData("KDUMP_REQUIRED_PROGRAMS='/sbin/ip /bin/cat'", "extra_bins /sbin/ip /bin/cat", "")]
    [InlineData("KDUMP_PRESCRIPT=/sbin/pre", "kdump_pre /sbin/pre", "")]
    [InlineData("KDUMP_POSTSCRIPT=post", "", "kdump_post takes")]
    [InlineData("KDUMP_SAVEDIR=nfs://host/export/crash", "nfs host:/export/crash", "")]
    [InlineData("KDUMP_SAVEDIR=ssh://kdump@host:2222/crash", "ssh kdump@host port=2222 path=/crash", "")]
    [InlineData("KDUMP_SAVEDIR=sftp://host", "ssh root@host", "")]
    [InlineData("KDUMP_SAVEDIR=ssh://me:secret@host/x", "", "no password")]
    [InlineData("KDUMP_SAVEDIR=cifs://host/x", "", "no target of this kind")]
    [InlineData("KDUMP_SSH_IDENTITY=/root/.ssh/kdump", "sshkey /root/.ssh/kdump", "")]
    [InlineData("KDUMP_FREE_DISK_SIZE=64", "keep_free 64M", "")]
    [InlineData("KDUMP_NET_TIMEOUT=30", "net_timeout 30", "")]
    [InlineData("KDUMP_NET_TIMEOUT=0", "", "net_timeout takes seconds")]
    public void Of_SUSE_s_file(string text, string lines, string lost) => Check(SettingsSource.SuseKdump, text, lines, lost);

    private static void Check(SettingsSource source, string text, string lines, string lost)
    {
        ImportedSettings imported = SettingsImport.Read(text + "\n", "f", source);
        Assert.Equal(
            lines,
            string.Join(", ", imported.ToText().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split("    #")[0])));
        ImportNote[] losses = [.. imported.Notes.Where(note => note.IsLoss && note.Line > 0)];
        Assert.Equal(lost.Length == 0, losses.Length == 0);
        Assert.All(losses, loss => Assert.Contains(lost, loss.Reason, StringComparison.Ordinal));
    }
}
