using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>Whether an image can run as this machine's capture kernel, and what the capture will lack.</summary>
internal static class MachineFitness
{
    private static readonly PhysicalAddress FourGiB = new(1UL << 32);

    /// <summary>Tells what makes the load pointless.</summary>
    /// <exception cref="DiagnosticException">Something does.</exception>
    internal static void Require(
        MachineDescription machine, PhysicalRange reservation, KernelImage image, int ramdiskLength)
    {
        if (machine.CpuNotes.Count == 0)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.MachineFileMissing, "No CPU says where it saves its registers at a crash")
            {
                Where = "/sys/devices/system/cpu/cpu*/crash_notes",
                Remedy = "Run it as root on a kernel with CONFIG_KEXEC_CORE=y",
            });
        }

        if (!image.CanBeLoadedAbove4G
            && (reservation.End > FourGiB || reservation.End.Value > image.MaxRamdiskAddress.Value + 1))
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine,
                "The kernel image cannot be loaded as high as the reservation lies")
            {
                Where = $"{image.Name}, xloadflags at 0x236",
                Found = $"a reservation that ends at {reservation.End}, and no XLF_CAN_BE_LOADED_ABOVE_4G",
                Remedy = "Use a kernel built with CONFIG_RELOCATABLE=y for x86-64, or reserve below 4 GiB",
            });
        }

        if (machine.FiveLevelPaging && !image.SupportsFiveLevelPaging)
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

        if (ramdiskLength > int.MaxValue - Pfn.PageSize)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine, "The ramdisk is larger than any reservation"));
        }
    }

    /// <summary>What the capture will lack.</summary>
    internal static IEnumerable<Diagnostic> Notices(MachineDescription machine, PhysicalRange reservation)
    {
        if (machine.Vmcoreinfo.IsEmpty)
        {
            yield return Notice(
                "The kernel tells no VMCOREINFO: the dump cannot be filtered, and few tools will read it",
                "/sys/kernel/vmcoreinfo");
        }

        if (reservation.Start >= FourGiB && machine.Reservations.Count < 2)
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
    }

    private static Diagnostic Notice(string what, string where) =>
        new(KexecDiagnostics.PlanNotice, what) { Where = where };
}
