using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Elf;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>Decides what is loaded where, so that a crash of the machine starts the capture kernel.</summary>
public static class CrashLoadPlanner
{
    private const string ElfCoreHeaderSegment = "ELF core header";

    /// <summary>The plan for <paramref name="request"/>. Reads and changes nothing of the machine.</summary>
    /// <exception cref="DiagnosticException">
    /// The image is none or not suitable, there is no reservation or it is too small, the command line is too long, or
    /// the kernel's own rules would refuse the plan.
    /// </exception>
    public static LoadPlan Plan(CrashLoadRequest request)
    {
        MachineDescription machine = request.Machine;
        KernelImage image = request.Image;
        PhysicalRange reservation = machine.Reservation ?? throw NoReservation(machine);
        MachineFitness.RequireForCrash(request, reservation, image);
        List<Diagnostic> notices = [.. MachineFitness.CrashNotices(machine, reservation), .. MachineFitness.Notices(request, image)];

        var placement = new CrashPlacement(machine, reservation, image);
        var builder = new LoadPlanBuilder(request, LoadPurpose.Crash, image, placement, notices);
        ElfCoreHeader header = ElfHeaderOf(machine);
        byte[] elf = header.ToBytes();
        PhysicalRange elfRange = placement.Take(
            ElfCoreHeaderSegment, request.Hotplug ? HotplugSize(machine, elf.Length) : elf.Length, reservation.End);
        builder.Add(new LoadSegment(ElfCoreHeaderSegment, elfRange, elf), mayChange: request.Hotplug);

        IReadOnlyList<E820Entry> map = CaptureMemoryMap.Build(machine, elfRange);
        bool asText = request.HandOver.MemoryMapOnCommandLine;
        string commandLine = NextCommandLine.Join(
            request.CommandLine,
            asText ? MemoryMapText.Of(map) : "",
            NextCommandLine.AcpiParameter(image, machine),
            $"elfcorehdr=0x{elfRange.Start.Value:x}");
        return builder.Build(
            commandLine,
            asText ? RebootMemory.Map(machine) : map,
            reservation,
            KexecLoadFlags.OnCrash | (request.Hotplug ? KexecLoadFlags.UpdateElfCoreHeader : KexecLoadFlags.None)) with
        {
            DumpedRam = header.DumpedRam,
        };
    }

    private static ElfCoreHeader ElfHeaderOf(MachineDescription machine) => new()
    {
        CpuNotes = machine.CpuNotes.ToList().ConvertAll(static notes => notes.Range),
        Vmcoreinfo = machine.Vmcoreinfo,
        Ram = machine.Ram,
        Excluded = [.. machine.Reservations, .. machine.CrashCma],
        Layout = machine.Layout,
    };

    /// <summary>The number that the kernel gives counts the program headers only; the ELF header comes before them.</summary>
    private static int HotplugSize(MachineDescription machine, int length) =>
        machine.CrashElfCoreHeaderSize is { } size
            ? Math.Max((int)size.Value + Elf64Header.Size, length)
            : throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine, "The running kernel cannot keep an ELF core header up to date")
            {
                Where = "/sys/kernel/kexec/crash_elfcorehdr_size",
                Expected = "the file, which kernels with CONFIG_CRASH_HOTPLUG have (6.6 and later)",
                Remedy = "Load without hotplug support, and again whenever CPUs or memory come or go",
            });

    private static DiagnosticException NoReservation(MachineDescription machine) =>
        new(new Diagnostic(KexecDiagnostics.NoReservation, "No memory is reserved for a capture kernel")
        {
            Where = "/proc/iomem",
            Found = machine.CommandLine.Contains("crashkernel=", StringComparison.Ordinal)
                ? "no \"Crash kernel\", although the command line has crashkernel= (the kernel's log says why)"
                : "no \"Crash kernel\", and no crashkernel= on the command line",
            Remedy = "Boot with crashkernel=128M",
        });
}
