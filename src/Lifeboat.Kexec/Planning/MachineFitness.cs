using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>Whether an image can run as this machine's next kernel, and what a capture will lack.</summary>
internal static class MachineFitness
{
    /// <summary>Tells what keeps an image from running on the machine.</summary>
    /// <exception cref="DiagnosticException">Something does.</exception>
    internal static void Require(LoadRequest request, KernelImage image)
    {
        MachineDescription machine = request.Machine;
        bool multiboot = image.Entry is KernelEntry.Multiboot1 or KernelEntry.Multiboot2;
        if (multiboot ? !request.Ramdisk.IsEmpty : request.Modules.Count > 0)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageUnsuitable,
                multiboot ? "A Multiboot kernel takes modules, and no ramdisk" : "Only a Multiboot kernel takes modules")
            {
                Where = image.Name,
                Found = image.Format,
                Remedy = multiboot ? "Give the file as a module (--module)" : "Give the file as a ramdisk (--initrd)",
            });
        }

        // An entry in 32-bit mode has paging off, and sets up its own.
        if (machine.FiveLevelPaging && image.Entry == KernelEntry.Linux64 && !image.SupportsFiveLevelPaging)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine,
                "The machine pages with five levels and the kernel image cannot start so")
            {
                Where = $"{image.Name}, xloadflags at 0x236",
                Expected = "XLF_5LEVEL",
                Remedy = "Use a newer kernel image, or boot the machine with no5lvl",
            });
        }
    }

    /// <summary>Tells what makes a load for a crash pointless.</summary>
    /// <exception cref="DiagnosticException">Something does.</exception>
    internal static void RequireForCrash(LoadRequest request, PhysicalRange reservation, KernelImage image)
    {
        MachineDescription machine = request.Machine;
        if (machine.CpuNotes.Count == 0)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.MachineFileMissing, "No CPU says where it saves its registers at a crash")
            {
                Where = "/sys/devices/system/cpu/cpu*/crash_notes",
                Remedy = "Run it as root on a kernel with CONFIG_KEXEC_CORE=y",
            });
        }

        if (image.Entry is KernelEntry.Multiboot1 or KernelEntry.Multiboot2)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageUnsuitable, "A Multiboot kernel cannot be a capture kernel: it is not told of the dump")
            {
                Where = image.Name,
                Found = image.Format,
                Expected = "a Linux kernel",
            });
        }

        if ((!image.CanBeLoadedAbove4G || image.Entry != KernelEntry.Linux64)
            && (reservation.End > SegmentPlacement.FourGiB || reservation.End.Value > image.MaxRamdiskAddress.Value + 1))
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine,
                "The kernel image cannot be loaded as high as the reservation lies")
            {
                Where = $"{image.Name}, xloadflags at 0x236",
                Found = $"a reservation that ends at {reservation.End}, and no XLF_CAN_BE_LOADED_ABOVE_4G, or a 32-bit entry",
                Remedy = "Use a kernel built with CONFIG_RELOCATABLE=y for x86-64, or reserve below 4 GiB",
            });
        }

        Require(request, image);
    }

    /// <summary>What the capture will lack.</summary>
    internal static IEnumerable<Diagnostic> CrashNotices(MachineDescription machine, PhysicalRange reservation)
    {
        if (machine.Vmcoreinfo.IsEmpty)
        {
            yield return Notice(
                "The kernel tells no VMCOREINFO: the dump cannot be filtered, and few tools will read it",
                "/sys/kernel/vmcoreinfo");
        }

        if (reservation.Start >= SegmentPlacement.FourGiB && machine.Reservations.Count < 2)
        {
            yield return Notice("There is no reservation below 4 GiB: devices that reach only that far will not work",
                "/proc/iomem") with
            { Remedy = "Boot with crashkernel=SIZE,low as well" };
        }

        if (machine.Layout.DirectMap is null)
        {
            yield return Notice("The kernel's virtual addresses are unknown: the dump reads by physical address only",
                "/proc/kcore");
        }

        if (machine.CrashCma.Count == 0 && machine.CommandLine.Contains(",cma", StringComparison.Ordinal))
        {
            yield return Notice(
                "The kernel does not say where the memory of crashkernel=,cma lies: the capture kernel does without it",
                "/sys/kernel/kexec/crash_cma_ranges") with
            { Remedy = "Load by kexec_file_load, where the kernel adds it itself" };
        }
    }

    /// <summary>What any next kernel will lack.</summary>
    internal static IEnumerable<Diagnostic> Notices(LoadRequest request, KernelImage image)
    {
        if (request.Machine.MemoryEncryption is { } encryption)
        {
            yield return Notice(
                $"Memory is encrypted ({encryption}): it is not known that this works there with kexec_load", "the machine") with
            { Remedy = "Prefer kexec_file_load, and try it before it is needed" };
        }

        if (image.Entry is KernelEntry.Multiboot1 or KernelEntry.Multiboot2 && !request.HandOver.DeviceTree.IsEmpty)
        {
            yield return Notice("A Multiboot kernel is not told of a device tree", image.Name);
        }
    }

    private static Diagnostic Notice(string what, string where) =>
        new(KexecDiagnostics.PlanNotice, what) { Where = where };
}
