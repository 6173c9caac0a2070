namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Configurations as the distributions' tools make them: their shape, in words of our own.</summary>
internal static class GrubScripts
{
    /// <summary>Debian: what is saved or set once, then a plain entry and a submenu of all kernels.</summary>
    internal static string Debian(string defaultEntry, string folder = "/boot", string uuid = BootTree.RootUuid) => $$"""
        # made by a tool; do not edit
        if [ -s $prefix/grubenv ]; then
          set have_grubenv=true
          load_env
        fi
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
           set next_entry=
           save_env next_entry
           set boot_once=true
        else
           set default="{{defaultEntry}}"
        fi

        if [ x"${feature_menuentry_id}" = xy ]; then
          menuentry_id_option="--id"
        else
          menuentry_id_option=""
        fi

        export menuentry_id_option

        function savedefault {
          if [ -z "${boot_once}" ]; then
            saved_entry="${chosen}"
            save_env saved_entry
          fi
        }
        function load_video {
          if [ x$feature_all_video_module = xy ]; then
            insmod all_video
          else
            insmod vga
          fi
        }

        if loadfont unicode ; then
          set gfxmode=auto
          load_video
          insmod gfxterm
          set locale_dir=$prefix/locale
        fi
        terminal_output gfxterm
        if [ "${recordfail}" = 1 ] ; then
          set timeout=30
        else
          if [ x$feature_timeout_style = xy ] ; then
            set timeout_style=menu
            set timeout=5
          # without the feature
          else
            set timeout=5
          fi
        fi

        menuentry 'Debian GNU/Linux' --class debian --class os $menuentry_id_option 'simple-{{uuid}}' {
        	load_video
        	insmod gzio
        	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
        	insmod ext2
        	set root='hd0,gpt2'
        	if [ x$feature_platform_search_hint = xy ]; then
        	  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,gpt2 --hint-efi=hd0,gpt2  {{uuid}}
        	else
        	  search --no-floppy --fs-uuid --set=root {{uuid}}
        	fi
        	echo	'Loading Linux 6.1.0-56-amd64 ...'
        	linux	{{folder}}/vmlinuz-6.1.0-56-amd64 root=UUID={{BootTree.RootUuid}} ro  quiet crashkernel=256M
        	echo	'Loading initial ramdisk ...'
        	initrd	{{folder}}/initrd.img-6.1.0-56-amd64
        }
        submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'advanced-{{uuid}}' {
        	menuentry 'Debian GNU/Linux, with Linux 6.1.0-56-amd64' --class debian $menuentry_id_option '6.1.0-56-advanced' {
        		search --no-floppy --fs-uuid --set=root {{uuid}}
        		linux	{{folder}}/vmlinuz-6.1.0-56-amd64 root=UUID={{BootTree.RootUuid}} ro  quiet
        		initrd	{{folder}}/initrd.img-6.1.0-56-amd64
        	}
        	menuentry 'Debian GNU/Linux, with Linux 5.10.0-30-amd64' --class debian $menuentry_id_option '5.10.0-30-advanced' {
        		search --no-floppy --fs-uuid --set=root {{uuid}}
        		linux	{{folder}}/vmlinuz-5.10.0-30-amd64 root=UUID={{BootTree.RootUuid}} ro single
        		initrd	{{folder}}/microcode.img {{folder}}/initrd.img-5.10.0-30-amd64
        	}
        }
        menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
        	fwsetup
        }
        if [ -f  ${config_directory}/custom.cfg ]; then
          source ${config_directory}/custom.cfg
        elif [ -z "${config_directory}" -a -f  $prefix/custom.cfg ]; then
          source $prefix/custom.cfg
        fi
        """;

    /// <summary>Fedora: entries come of entry files.</summary>
    internal static string Fedora { get; } = $$"""
        if [ -f ${config_directory}/grubenv ]; then
          load_env -f ${config_directory}/grubenv
        elif [ -s $prefix/grubenv ]; then
          load_env
        fi
        if [ "${next_entry}" ] ; then
           set default="${next_entry}"
           set next_entry=
           save_env next_entry
           set boot_once=true
        else
           set default="${saved_entry}"
        fi
        insmod increment
        if [ -n "${boot_counter}" -a "${boot_success}" = "0" ]; then
          if  [ "${boot_counter}" = "0" -o "${boot_counter}" = "-1" ]; then
            set default=1
            set boot_counter=-1
          else
            decrement boot_counter
          fi
          save_env boot_counter
        fi
        set boot='hd0,gpt2'
        if [ x$feature_platform_search_hint = xy ]; then
          search --no-floppy --fs-uuid --set=boot --hint='hd0,gpt2'  {{BootTree.BootUuid}}
        else
          search --no-floppy --fs-uuid --set=boot {{BootTree.BootUuid}}
        fi
        if [ -z "${kernelopts}" ]; then
          set kernelopts="root=/dev/mapper/fedora-root ro rhgb quiet "
        fi
        insmod blscfg
        blscfg
        if [ "$grub_platform" = "efi" ]; then
        	menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
        		fwsetup
        	}
        fi
        """;

    /// <summary>An entry file as Fedora's kernel packages leave it.</summary>
    internal static string FedoraEntry(string version) => $"""
        title Fedora Linux ({version}) 43 (Server Edition)
        version {version}
        linux /vmlinuz-{version}
        initrd /initramfs-{version}.img $tuned_initrd
        options $kernelopts $tuned_params crashkernel=256M
        grub_users $grub_users
        grub_arg --unrestricted
        grub_class fedora

        """;
}
