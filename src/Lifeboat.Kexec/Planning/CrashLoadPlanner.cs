using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Elf;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Purgatory;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Planning;

/// <summary>Decides what is loaded where, so that a crash of the machine starts the capture kernel.</summary>
public static class CrashLoadPlanner
{
    private const string KernelSegment = "kernel";
    private const string RamdiskSegment = "ramdisk";
    private const string PurgatorySegment = "purgatory";
    private const string BootParametersSegment = "boot parameters";
    private const string ElfCoreHeaderSegment = "ELF core header";

    /// <summary>The plan for <paramref name="request"/>. Reads and changes nothing of the machine.</summary>
    /// <exception cref="DiagnosticException">
    /// The image is none or not suitable, there is no reservation or it is too small, the command line is too long, or
    /// the kernel's own rules would refuse the plan.
    /// </exception>
    public static LoadPlan Plan(CrashLoadRequest request)
    {
        MachineDescription machine = request.Machine;
        KernelImage image = KernelFile.Open(request.Kernel, request.KernelName, request.Limits).Image;
        PhysicalRange reservation = machine.Reservation ?? throw NoReservation(machine);
        MachineFitness.Require(machine, reservation, image, request.Ramdisk.Length);
        var notices = new List<Diagnostic>(MachineFitness.Notices(machine, reservation));

        var placement = new SegmentPlacement(machine, reservation, image);
        byte[] elf = ElfHeaderOf(machine).ToBytes();
        PhysicalRange elfRange = placement.Take(ElfCoreHeaderSegment, elf.Length);
        string commandLine = $"{request.CommandLine.Trim()} elfcorehdr=0x{elfRange.Start.Value:x}".TrimStart();
        byte[] encodedLine = Encode(commandLine, image);
        PhysicalRange bootRange = placement.Take(BootParametersSegment, BootParams.Size + encodedLine.Length);
        PhysicalRange purgatoryRange = placement.Take(PurgatorySegment, PurgatoryLayout.MemorySize);
        PhysicalRange ramdiskRange = request.Ramdisk.IsEmpty
            ? default
            : placement.Take(RamdiskSegment, request.Ramdisk.Length);
        placement.RequireRoom();

        IReadOnlyList<E820Entry> memoryMap = CaptureMemoryMap.Build(machine, elfRange, notices);
        byte[] boot =
        [
            .. new BootParams
            {
                Image = image,
                CommandLine = bootRange.Start + new ByteCount(BootParams.Size),
                Ramdisk = request.Ramdisk.IsEmpty
                    ? default
                    : PhysicalRange.FromLength(ramdiskRange.Start, new ByteCount((ulong)request.Ramdisk.Length)),
                MemoryMap = memoryMap,
                AcpiRsdp = machine.AcpiRsdp,
                ScreenInfo = machine.ScreenInfo,
            }.ToBytes(),
            .. encodedLine,
        ];

        List<LoadSegment> segments =
        [
            new(KernelSegment, placement.Kernel, image.Parts[0].Content),
            new(PurgatorySegment, purgatoryRange, ReadOnlyMemory<byte>.Empty),
            new(BootParametersSegment, bootRange, boot),
            new(ElfCoreHeaderSegment, elfRange, elf),
        ];
        if (!request.Ramdisk.IsEmpty)
        {
            segments.Insert(1, new LoadSegment(RamdiskSegment, ramdiskRange, request.Ramdisk));
        }

        AddPurgatory(segments, image, placement.Kernel, bootRange);
        return Check(new LoadPlan
        {
            Segments = segments,
            EntryPoint = purgatoryRange.Start,
            Flags = KexecLoadFlags.OnCrash | KexecLoadFlags.ArchX8664,
            Reservation = reservation,
            Free = segments.Aggregate(reservation.Length, (free, segment) => free - segment.Range.Length),
            CommandLine = commandLine,
            MemoryMap = memoryMap,
            DumpedRam = ElfHeaderOf(machine).DumpedRam,
            KernelName = request.KernelName,
            KernelVersion = image.KernelVersion,
            Rules = [],
            Notices = notices,
        }, machine);
    }

    private static ElfCoreHeader ElfHeaderOf(MachineDescription machine) => new()
    {
        CpuNotes = machine.CpuNotes.ToList().ConvertAll(static notes => notes.Range),
        Vmcoreinfo = machine.Vmcoreinfo,
        Ram = machine.Ram,
        Excluded = machine.Reservations,
        Layout = machine.Layout,
    };

    /// <summary>Purgatory is assembled last, as it holds the digests of all others.</summary>
    private static void AddPurgatory(
        List<LoadSegment> segments, KernelImage image, PhysicalRange kernel, PhysicalRange boot)
    {
        int own = segments.FindIndex(segment => segment.Name == PurgatorySegment);
        byte[] content = PurgatoryAssembler.Assemble(new PurgatoryRequest(
            segments[own].Range.Start,
            kernel.Start + image.EntryOffset,
            boot.Start,
            [.. segments.Select((segment, number) => new NumberedSegment(number, segment)).Where(numbered => numbered.Number != own)]));
        segments[own] = segments[own] with { Content = content };
    }

    private static LoadPlan Check(LoadPlan plan, MachineDescription machine)
    {
        IReadOnlyList<KexecRuleOutcome> outcomes = KexecRules.Check(plan, machine.TotalRam);
        if (outcomes.FirstOrDefault(outcome => outcome.Violation is not null) is { } broken)
        {
            throw new DiagnosticException(broken.ToDiagnostic());
        }

        return plan with { Rules = outcomes };
    }

    private static byte[] Encode(string commandLine, KernelImage image)
    {
        if (commandLine.AsSpan().ContainsAny('\0', '\n', '\r'))
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.CommandLineUnusable, "The command line holds a line break or a NUL"));
        }

        byte[] text = Encoding.UTF8.GetBytes(commandLine);
        if (text.Length > image.MaxCommandLineLength)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.CommandLineUnusable,
                "The capture kernel's command line is too long for the kernel image")
            {
                Where = $"{image.Name}, cmdline_size at 0x238",
                Found = $"{text.Length} bytes with elfcorehdr=",
                Expected = $"at most {image.MaxCommandLineLength}",
                Remedy = "Give a shorter command line instead of taking over the running kernel's",
            });
        }

        return [.. text, 0];
    }

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
