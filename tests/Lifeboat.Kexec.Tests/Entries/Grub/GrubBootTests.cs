using Lifeboat.Kexec.Entries;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Entries.Grub;

public sealed class GrubBootTests
{
    private const string Arguments = $"root=UUID={BootTree.RootUuid} ro quiet crashkernel=256M";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Debian_s_first_entry_is_found_whether_boot_is_a_folder_or_a_filesystem(bool bootIsOwn)
    {
        using BootTree tree = Debian("0", bootIsOwn);
        BootEntryList list = tree.Find();
        Assert.Empty(list.Problems);
        Assert.Equal("grub", list.Loader);
        BootEntry next = list.RequireNext();
        Assert.Equal("Debian GNU/Linux", next.Title);
        Assert.Equal("/boot/vmlinuz-6.1.0-56-amd64", next.Kernel);
        Assert.Equal(["/boot/initrd.img-6.1.0-56-amd64"], next.Ramdisks);
        Assert.Equal(Arguments, next.CommandLine);
        Assert.Equal("/boot/grub/grub.cfg", next.Source);
        Assert.Contains("linux", File.ReadAllLines(tree.Root + next.Source)[next.Line - 1], StringComparison.Ordinal);
        Assert.Equal("grub's default is 0", list.Why);
        Assert.Equal(4, list.Entries.Count);
        Assert.Equal("Advanced options for Debian GNU/Linux > Debian GNU/Linux, with Linux 5.10.0-30-amd64", list.Entries[2].Title);
        Assert.False(list.Entries[3].IsBootable);
    }

    [Fact]
    public void Without_mounts_both_places_are_tried()
    {
        using var tree = new BootTree();
        tree.Write("boot/grub/grub.cfg", GrubScripts.Debian("0", folder: ""));
        tree.Touch("boot/vmlinuz-6.1.0-56-amd64", "boot/initrd.img-6.1.0-56-amd64");
        Assert.Equal("/boot/vmlinuz-6.1.0-56-amd64", tree.Find().RequireNext().Kernel);
    }

    [Theory]
    [InlineData("1>1", "5.10.0-30-advanced")]
    [InlineData("1", "6.1.0-56-advanced")]
    [InlineData("1>", "6.1.0-56-advanced")]
    [InlineData("1>7", "6.1.0-56-advanced")]
    [InlineData("advanced-" + BootTree.RootUuid + ">5.10.0-30-advanced", "5.10.0-30-advanced")]
    [InlineData("Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 5.10.0-30-amd64", "5.10.0-30-advanced")]
    [InlineData("Debian GNU/Linux", "simple-" + BootTree.RootUuid)]
    [InlineData("99", "simple-" + BootTree.RootUuid)]
    [InlineData("gone", "simple-" + BootTree.RootUuid)]
    [InlineData("", "simple-" + BootTree.RootUuid)]
    public void A_default_is_a_number_a_title_an_id_or_a_path_of_them(string value, string id)
    {
        using BootTree tree = Debian(value, bootIsOwn: false);
        Assert.Equal(id, tree.Find().RequireNext().Id);
    }

    [Fact]
    public void Several_ramdisks_keep_their_order()
    {
        using BootTree tree = Debian("1>1", bootIsOwn: true);
        Assert.Equal(["/boot/microcode.img", "/boot/initrd.img-5.10.0-30-amd64"], tree.Find().RequireNext().Ramdisks);
    }

    [Fact]
    public void What_was_saved_is_next_and_what_is_set_once_goes_before()
    {
        using BootTree tree = Debian("${saved_entry}", bootIsOwn: false);
        tree.WriteEnvironment("boot/grub/grubenv", "saved_entry=1>5.10.0-30-advanced");
        BootEntryList saved = tree.Find();
        Assert.Equal("5.10.0-30-advanced", saved.RequireNext().Id);
        Assert.Equal("grub's default is 1>5.10.0-30-advanced", saved.Why);

        tree.WriteEnvironment("boot/grub/grubenv", "saved_entry=1>5.10.0-30-advanced", "next_entry=1>0");
        BootEntryList once = tree.Find();
        Assert.Equal("6.1.0-56-advanced", once.RequireNext().Id);
        Assert.Equal("grub's default is 1>0, for the next boot only", once.Why);
    }

    [Fact]
    public void The_fallback_to_the_first_entry_is_said()
    {
        using BootTree tree = Debian("gone", bootIsOwn: false);
        Assert.Equal("grub's default is gone, which no entry is called: the first entry", tree.Find().Why);
    }

    [Fact]
    public void An_entry_whose_files_are_gone_is_listed_and_refused_by_their_name()
    {
        using BootTree tree = Debian("0", bootIsOwn: false);
        File.Delete(tree.Root + "/boot/initrd.img-6.1.0-56-amd64");
        BootEntryList list = tree.Find();
        Assert.NotNull(list.Next);
        Assert.Contains("/boot/initrd.img-6.1.0-56-amd64 is not there", Refusal(list), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_of_another_system_is_not_taken_for_this_one_s()
    {
        using BootTree tree = Debian("other", bootIsOwn: false);
        tree.Write("boot/grub/custom.cfg", $$"""
            menuentry 'Other system' --id other {
              search --no-floppy --fs-uuid --set=root {{BootTree.OtherUuid}}
              linux /boot/vmlinuz-6.1.0-56-amd64 root=/dev/vda3
            }
            """);
        Assert.Contains($"UUID={BootTree.OtherUuid} is not mounted", Refusal(tree.Find()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_only_grub_knows_is_refused_by_name()
    {
        using BootTree tree = Debian("mine", bootIsOwn: false);
        tree.Write("boot/grub/custom.cfg", """
            menuentry "Mine" --id=mine {
              set root=(hd1,msdos1)
              linux /boot/vmlinuz-6.1.0-56-amd64
            }
            """);
        Assert.Contains("hd1,msdos1", Refusal(tree.Find()), StringComparison.Ordinal);
    }

    [Fact]
    public void Btrfs_paths_begin_at_the_filesystem_or_at_what_is_mounted_of_it()
    {
        using var tree = new BootTree();
        tree.Mount(bootIsOwn: false, rootOfRoot: "/@");
        tree.Write("boot/grub/grub.cfg", GrubScripts.Debian("0", folder: "/@/boot"));
        tree.Touch("boot/vmlinuz-6.1.0-56-amd64", "boot/initrd.img-6.1.0-56-amd64");
        Assert.Equal("/boot/vmlinuz-6.1.0-56-amd64", tree.Find().RequireNext().Kernel);
        tree.Write("boot/grub/grub.cfg", GrubScripts.Debian("0"));
        Assert.Equal("/boot/vmlinuz-6.1.0-56-amd64", tree.Find().RequireNext().Kernel);
    }

    [Fact]
    public void Ubuntu_s_splash_hand_over_is_no_reason_to_refuse()
    {
        using var tree = new BootTree();
        tree.Touch("boot/vmlinuz-6.8.0-45-generic", "boot/initrd.img-6.8.0-45-generic", "boot/grub/gfxblacklist.txt");
        tree.Write("boot/grub/grub.cfg", """
            set default="0"
            function gfxmode {
            	set gfxpayload="${1}"
            	if [ "${1}" = "keep" ]; then
            		set vt_handoff=vt.handoff=7
            	else
            		set vt_handoff=
            	fi
            }
            if [ "${recordfail}" != 1 ]; then
              if [ -e ${prefix}/gfxblacklist.txt ]; then
                if [ ${grub_platform} != pc ]; then
                  set linux_gfx_mode=keep
                elif hwmatch ${prefix}/gfxblacklist.txt 3; then
                  if [ ${match} = 0 ]; then
                    set linux_gfx_mode=keep
                  else
                    set linux_gfx_mode=text
                  fi
                else
                  set linux_gfx_mode=text
                fi
              else
                set linux_gfx_mode=keep
              fi
            else
              set linux_gfx_mode=text
            fi
            export linux_gfx_mode
            menuentry 'Ubuntu' --class ubuntu --id 'ubuntu-simple' {
            	recordfail
            	load_video
            	gfxmode $linux_gfx_mode
            	linux	/boot/vmlinuz-6.8.0-45-generic root=UUID=x ro  quiet splash $vt_handoff
            	initrd	/boot/initrd.img-6.8.0-45-generic
            }
            """);
        Assert.Equal("root=UUID=x ro quiet splash", tree.Find().RequireNext().CommandLine);
    }

    [Fact]
    public void Fedora_s_entry_files_are_sorted_by_version_and_expanded()
    {
        using BootTree tree = Fedora();
        BootEntryList list = tree.Find();
        Assert.Equal(
            [
                "0f4c-6.17.10-300.fc43.x86_64", "0f4c-6.17.9-300.fc43.x86_64", "0f4c-0-rescue",
            ],
            list.Entries.Select(entry => entry.Id));
        BootEntry next = list.RequireNext();
        Assert.Equal("/boot/vmlinuz-6.17.10-300.fc43.x86_64", next.Kernel);
        Assert.Equal(["/boot/initramfs-6.17.10-300.fc43.x86_64.img"], next.Ramdisks);
        Assert.Equal("root=/dev/mapper/fedora-root ro rhgb quiet   crashkernel=256M", next.CommandLine);
        Assert.Equal("/boot/loader/entries/0f4c-6.17.10-300.fc43.x86_64.conf", next.Source);
        Assert.Equal(3, next.Line);
    }

    [Fact]
    public void Fedora_s_saved_entry_and_kernelopts_come_of_the_environment()
    {
        using BootTree tree = Fedora();
        tree.WriteEnvironment("boot/grub2/grubenv", "saved_entry=0f4c-6.17.9-300.fc43.x86_64", "kernelopts=root=UUID=a ro", "boot_success=1");
        BootEntry next = tree.Find().RequireNext();
        Assert.Equal("/boot/vmlinuz-6.17.9-300.fc43.x86_64", next.Kernel);
        Assert.StartsWith("root=UUID=a ro", next.CommandLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boot_counter=2", "0f4c-6.17.10-300.fc43.x86_64")]
    [InlineData("boot_counter=0", "0f4c-6.17.9-300.fc43.x86_64")]
    public void Fedora_s_count_of_failed_boots_is_followed(string counter, string id)
    {
        using BootTree tree = Fedora();
        tree.WriteEnvironment("boot/grub2/grubenv", counter, "boot_success=0");
        Assert.Equal(id, tree.Find().RequireNext().Id);
    }

    [Fact]
    public void Suse_s_saved_title_leads_through_a_submenu()
    {
        using BootTree tree = Suse();
        tree.WriteEnvironment("boot/grub2/grubenv", "saved_entry=Advanced options for openSUSE Leap 15.6>openSUSE Leap 15.6, with Linux 6.4.0-default");
        BootEntry next = tree.Find().RequireNext();
        Assert.Equal("/boot/vmlinuz-6.4.0-default", next.Kernel);
        Assert.Equal("root=UUID=r splash=silent \"dyndbg=file drivers/a.c +p\"", next.CommandLine);
    }

    [Fact]
    public void Suse_s_environment_outside_of_all_files_is_named_when_it_decides()
    {
        using BootTree tree = Suse();
        tree.WriteEnvironment("boot/grub2/grubenv", "env_block=512+1", "saved_entry=1>0");
        BootEntryList list = tree.Find();
        Assert.Null(list.Next);
        Assert.Contains("environment block", Assert.Single(list.Problems).What, StringComparison.Ordinal);
        Assert.NotEmpty(list.Entries);
    }

    private static string Refusal(BootEntryList list) =>
        Assert.Throws<Core.Diagnostics.DiagnosticException>(() => list.RequireNext()).Message;

    private static BootTree Debian(string value, bool bootIsOwn)
    {
        var tree = new BootTree();
        tree.Mount(bootIsOwn);
        tree.Write("boot/grub/grub.cfg", bootIsOwn ? GrubScripts.Debian(value, "", BootTree.BootUuid) : GrubScripts.Debian(value));
        tree.Touch(
            "boot/vmlinuz-6.1.0-56-amd64", "boot/initrd.img-6.1.0-56-amd64", "boot/vmlinuz-5.10.0-30-amd64",
            "boot/initrd.img-5.10.0-30-amd64", "boot/microcode.img");
        return tree;
    }

    private static BootTree Fedora()
    {
        var tree = new BootTree();
        tree.Mount(bootIsOwn: true);
        tree.Write("boot/grub2/grub.cfg", GrubScripts.Fedora);
        foreach (string version in (string[])["6.17.9-300.fc43.x86_64", "6.17.10-300.fc43.x86_64", "0-rescue"])
        {
            tree.Write($"boot/loader/entries/0f4c-{version}.conf", GrubScripts.FedoraEntry(version));
            tree.Touch($"boot/vmlinuz-{version}", $"boot/initramfs-{version}.img");
        }

        return tree;
    }

    private static BootTree Suse()
    {
        var tree = new BootTree();
        tree.Touch("boot/vmlinuz-6.4.0-default", "boot/initrd-6.4.0-default");
        tree.Write("boot/grub2/grub.cfg", """
            set btrfs_relative_path="yes"
            export btrfs_relative_path
            if [ -f ${config_directory}/grubenv ]; then
              load_env -f ${config_directory}/grubenv
            elif [ -s $prefix/grubenv ]; then
              load_env
            fi
            if [ "${env_block}" ] ; then
              set env_block="(${root})${env_block}"
              export env_block
              load_env -f "${env_block}"
            fi
            if [ "${next_entry}" ] ; then
              set default="${next_entry}"
            else
              set default="${saved_entry}"
            fi
            menuentry 'openSUSE Leap 15.6'  --hotkey=1 --class opensuse --id 'simple' {
            	set root='hd0,gpt2'
            	search --no-floppy --fs-uuid --set=root AAAA-BBBB
            	linux	/boot/vmlinuz-6.4.0-default root=UUID=r ${extra_cmdline} splash=silent
            	initrd	/boot/initrd-6.4.0-default
            }
            submenu 'Advanced options for openSUSE Leap 15.6' --hotkey=1 --id 'advanced' {
            	menuentry 'openSUSE Leap 15.6, with Linux 6.4.0-default' --hotkey=2 {
            		search.fs_uuid AAAA-BBBB root hd0,gpt2
            		linux	/boot/vmlinuz-6.4.0-default root=UUID=r ${extra_cmdline} splash=silent "dyndbg=file drivers/a.c +p"
            		initrd	/boot/initrd-6.4.0-default
            	}
            }
            if [ -f "/.snapshots/grub-snapshot.cfg" ]; then
              source "/.snapshots/grub-snapshot.cfg"
            fi
            """);
        return tree;
    }
}
