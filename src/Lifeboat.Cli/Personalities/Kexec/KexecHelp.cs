namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>What <c>-h</c> and <c>-v</c> print.</summary>
internal static class KexecHelp
{
    public const string VersionText = $"kexec-tools {KexecPersonality.Version} (done by lifeboat)\n";

    public const string Text =
        VersionText +
        """
        Usage: kexec [OPTION]... [kernel]
        Directly reboot into a new kernel

        This is lifeboat, called by the name of kexec. Without -l, -p, -u, -e or -f it loads the kernel and has the system shut down
        (shutdown -r now), at whose end the kernel is started.

         -l, --load               load the kernel, to be started by kexec -e or systemctl kexec
         -p, --load-panic         load the kernel for a panic; it needs memory reserved with crashkernel=
         -u, --unload             unload what is loaded; with -p the kernel for a panic
         -e, --exec               start the loaded kernel now: files are synced, nothing is shut down
         -f, --force              load and start at once: -l and -e in one
         -S, --status             exit with 1 when a kernel for a panic is loaded (with -l: one for a reboot), with 0 when not
             --print-ckr-size     print the bytes that are reserved for a kernel for a panic
         -h, --help               print this
         -v, --version            print the version whose options these are

         -a, --kexec-syscall-auto try kexec_file_load, then kexec_load (the default)
         -s, --kexec-file-syscall use kexec_file_load only
         -c, --kexec-syscall      use kexec_load only
         -t, --type=TYPE          take the kernel for this type only: bzImage64, bzImage, elf-x86_64, multiboot-x86, multiboot2-x86, uki
         -i, --no-checks          have nothing checked between the kernels
         -x, --no-ifdown          leave network interfaces up
         -y, --no-sync            do not sync files
         -d, --debug              print what is loaded where
             --mem-min=ADDRESS    use no memory below; for a reboot
             --mem-max=ADDRESS    use no memory above; for a reboot
             --load-preserve-context
                                  keep the running kernel, to be returned to; needs --mem-max and -c
             --hotplug            have the kernel keep a crash image up to date as CPUs and memory come and go
             --no-cma             keep the segments out of contiguous memory areas (kexec_file_load)
             --force-dtb          hand the device tree over where ACPI is used (kexec_file_load)

             --command-line=TEXT, --append=TEXT
                                  the kernel's command line
             --reuse-cmdline      begin it with the running kernel's, without BOOT_IMAGE and, for a panic, crashkernel
             --initrd=FILE, --ramdisk=FILE
                                  the ramdisk
             --dtb=FILE           a device tree
             --module="FILE ARGUMENTS"
                                  a module of a Multiboot kernel; can be given more than once
             --entry-32bit        use the kernel's 32-bit entry
             --noefi              hand nothing of EFI over
             --pass-memmap-cmdline
                                  tell a kernel for a panic its memory on the command line
             --elf64-core-headers the ELF core header is a 64-bit one (always so)
             --reset-vga          put a VGA card into text mode between the kernels
             --console-vga        tell about failed checks on its screen
             --console-serial     tell about failed checks on the serial line
             --serial=PORT        its port: ttyS0, ttyS1 or 0xPORT
             --serial-baud=RATE   its speed; without it, as it stands

        Exit status: 0 done; 1 it cannot be done as it was asked for; 255 a step failed. The message names the rule of the kernel that was
        broken. lifeboat arm, boot, disarm and status do the same with more to say.

        """;
}
