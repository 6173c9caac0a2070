using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Entries.Grub;
using Lifeboat.Kexec.Entries.Loader;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries;

/// <summary>Finds the installed kernels as the machine's boot loader would: grub, systemd-boot, entry files, unified images.</summary>
/// <remarks>
/// Nothing is guessed: grub's language is evaluated as far as files tell (variables, grubenv, tests, functions), and where
/// the answer hangs on what only grub knows (hardware, disks that are not mounted, other commands), that is named instead.
/// </remarks>
public static class BootEntries
{
    /// <summary>Reads the boot loader's files below <paramref name="root"/>; never fails, says in the result what is missing.</summary>
    public static BootEntryList Find(string root = "/") => Find(new SystemTree(root));

    internal static BootEntryList Find(SystemTree tree)
    {
        string? running = EfiVariable.TryRead(tree, "LoaderInfo");
        bool isSystemdBoot = running?.StartsWith("systemd-boot", StringComparison.Ordinal) == true;
        BootEntryList? grub = isSystemdBoot ? null : GrubBoot.TryFind(tree);
        BootEntryList? loader = grub is not null && !SystemdBoot.IsInstalled(tree) ? null : SystemdBoot.TryFind(tree);
        if (grub is not null && loader is not null && running?.StartsWith("GRUB", StringComparison.OrdinalIgnoreCase) != true
            && tree.FileExists("sys/firmware/efi"))
        {
            return grub with
            {
                Entries = [.. grub.Entries, .. loader.Entries],
                Loader = null,
                Next = null,
                Why = null,
                Problems = [Unclear("Both grub and systemd-boot are installed, and the firmware does not say which one ran",
                    "/sys/firmware/efi/efivars/LoaderInfo-*")],
            };
        }

        return grub ?? loader ?? new BootEntryList
        {
            Entries = [],
            Problems = [Unclear("No boot loader's configuration was found",
                "/boot/grub/grub.cfg, /boot/grub2/grub.cfg, loader/entries or EFI/Linux in /efi, /boot, /boot/efi")],
        };
    }

    /// <summary>What keeps the next entry from being told.</summary>
    internal static Diagnostic Unclear(string what, string where) => new(KexecDiagnostics.BootLoaderUnclear, what)
    {
        Where = where,
        Remedy = "Name the kernel, its ramdisk and command line yourself",
    };

    /// <summary>Why an entry cannot be started from here.</summary>
    internal static Diagnostic Unusable(string what, string where) => new(KexecDiagnostics.BootEntryUnusable, what)
    {
        Where = where,
        Remedy = "Name the kernel, its ramdisk and command line yourself",
    };
}
