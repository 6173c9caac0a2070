using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Purgatory;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// What both kinds of load have in common: the kernel's parts, the ramdisk, what the kernel is told, and purgatory, which is made
/// last, as it holds the digests of all others.
/// </summary>
internal sealed class LoadPlanBuilder(
    LoadRequest request, LoadPurpose purpose, KernelImage image, SegmentPlacement placement, List<Diagnostic> notices)
{
    private const string KernelSegment = "kernel";
    private const string RamdiskSegment = "ramdisk";
    private const string PurgatorySegment = "purgatory";

    private readonly List<LoadSegment> _segments = [];
    private readonly List<LoadSegment> _unchecked = [];

    /// <summary>Whether purgatory, and with it everything, must lie where 32 bits reach.</summary>
    private bool Enters32Bit => image.Entry is not KernelEntry.Linux64;

    /// <summary>Adds a segment of the kind's own.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="mayChange">Whether its content may change before the jump, so that purgatory does not check it.</param>
    internal void Add(LoadSegment segment, bool mayChange = false)
    {
        _segments.Add(segment);
        if (mayChange)
        {
            _unchecked.Add(segment);
        }
    }

    /// <summary>Places the rest and makes the plan.</summary>
    /// <param name="commandLine">The whole command line.</param>
    /// <param name="memoryMap">The memory map.</param>
    /// <param name="reservation">The reservation; empty for a reboot.</param>
    /// <param name="flags">Flags beside the architecture's.</param>
    internal LoadPlan Build(
        string commandLine, IReadOnlyList<E820Entry> memoryMap, PhysicalRange reservation, KexecLoadFlags flags)
    {
        MachineDescription machine = request.Machine;
        PhysicalAddress anywhere = new(1UL << 46);
        PhysicalAddress end = Enters32Bit || !image.CanBeLoadedAbove4G ? SegmentPlacement.FourGiB : anywhere;
        PhysicalAddress ramdiskEnd = image.MaxRamdiskAddress.Value >= anywhere.Value
            ? anywhere
            : image.MaxRamdiskAddress + new ByteCount(1);

        HandOver handOver = image.Entry is KernelEntry.Multiboot1 or KernelEntry.Multiboot2
            ? new MultibootHandOver(image, commandLine, request.Modules, memoryMap)
            : new LinuxHandOver(image, machine, request.HandOver, NextCommandLine.Encode(commandLine, image), memoryMap);
        PhysicalRange boot = placement.Take(handOver.Name, handOver.Size, end);
        PhysicalRange purgatory = placement.Take(
            PurgatorySegment, PurgatoryLayout.MemorySize, Enters32Bit ? SegmentPlacement.FourGiB : anywhere);
        PhysicalRange ramdisk = request.Ramdisk.IsEmpty
            ? default
            : placement.Take(RamdiskSegment, request.Ramdisk.Length, ramdiskEnd);
        IReadOnlyList<PhysicalRange> modules = AddModules(end);
        placement.RequireRoom();

        AddKernel();
        if (!request.Ramdisk.IsEmpty)
        {
            _segments.Add(new LoadSegment(RamdiskSegment, ramdisk, request.Ramdisk));
            ramdisk = PhysicalRange.FromLength(ramdisk.Start, new ByteCount((ulong)request.Ramdisk.Length));
        }

        _segments.Add(new LoadSegment(
            handOver.Name, boot, handOver.ToBytes(boot.Start, new HandOverPlaces(placement.Kernel.Start, ramdisk, modules))));
        _segments.Add(new LoadSegment(PurgatorySegment, purgatory, ReadOnlyMemory<byte>.Empty));
        if (flags.HasFlag(KexecLoadFlags.PreserveContext))
        {
            foreach (LoadSegment segment in PreservedContext.Segments(machine, Holes()))
            {
                Add(segment, mayChange: true);
            }
        }

        _segments.Sort(static (left, right) => left.Range.Start.CompareTo(right.Range.Start));
        AddPurgatory(boot.Start, flags.HasFlag(KexecLoadFlags.PreserveContext) ? JumpBackDigits(boot.Start, commandLine) : null);
        return Check(new LoadPlan
        {
            Purpose = purpose,
            Segments = _segments,
            EntryPoint = purgatory.Start,
            Flags = flags | KexecLoadFlags.ArchX8664,
            Reservation = reservation,
            Free = Free(),
            CommandLine = commandLine,
            MemoryMap = memoryMap,
            DumpedRam = [],
            KernelName = request.Kernel.Name,
            KernelVersion = image.KernelVersion,
            Rules = [],
            Notices = notices,
        }, machine);
    }

    /// <summary>Adds the modules; tells where each lies, to its last byte.</summary>
    private List<PhysicalRange> AddModules(PhysicalAddress end)
    {
        var places = new List<PhysicalRange>();
        foreach (BootModule module in request.Modules)
        {
            string name = $"module {places.Count + 1}";
            PhysicalRange place = placement.Take(name, Math.Max(module.Content.Length, 1), end);
            _segments.Add(new LoadSegment(name, place, module.Content));
            places.Add(PhysicalRange.FromLength(place.Start, new ByteCount((ulong)module.Content.Length)));
        }

        return places;
    }

    private IReadOnlyList<PhysicalRange> Holes() =>
        PhysicalRanges.Without(placement.Usable, _segments.ConvertAll(static segment => segment.Range));

    private ByteCount Free()
    {
        ByteCount free = ByteCount.Zero;
        foreach (PhysicalRange hole in Holes())
        {
            free += hole.Length;
        }

        return free;
    }

    /// <summary>Each part has a segment; what lies between parts, and behind the last, is only kept free.</summary>
    private void AddKernel()
    {
        for (int i = 0; i < image.Parts.Count; i++)
        {
            ImagePart part = image.Parts[i];
            _segments.Add(new LoadSegment(
                image.Parts.Count == 1 ? KernelSegment : $"{KernelSegment}, part {i + 1}",
                PhysicalRange.FromLength(placement.Kernel.Start + part.Offset, part.MemorySize.AlignUp(ByteCount.Page)),
                part.Content));
        }
    }

    private void AddPurgatory(PhysicalAddress boot, PhysicalAddress? jumpBackDigits)
    {
        int own = _segments.FindIndex(static segment => segment.Name == PurgatorySegment);
        var verified = new List<NumberedSegment>();
        for (int i = 0; i < _segments.Count; i++)
        {
            if (i != own && !_unchecked.Contains(_segments[i]))
            {
                verified.Add(new NumberedSegment(i, _segments[i]));
            }
        }

        _segments[own] = _segments[own] with
        {
            Content = PurgatoryAssembler.Assemble(new PurgatoryRequest(
                _segments[own].Range.Start, placement.Kernel.Start + image.EntryOffset, boot, verified)
            {
                Entry = image.Entry,
                Options = request.Purgatory,
                Purpose = purpose,
                JumpBackDigits = jumpBackDigits,
            }),
        };
    }

    /// <summary>Where the address to return to is written: the end of the command line.</summary>
    private static PhysicalAddress JumpBackDigits(PhysicalAddress boot, string commandLine) =>
        boot + new ByteCount((ulong)(LinuxHandOver.CommandLineOffset
            + System.Text.Encoding.UTF8.GetByteCount(commandLine) - NextCommandLine.JumpBackDigits));

    private static LoadPlan Check(LoadPlan plan, MachineDescription machine)
    {
        IReadOnlyList<KexecRuleOutcome> outcomes = KexecRules.Check(KexecLoadCall.Of(plan), KexecEnvironment.Of(machine));
        foreach (KexecRuleOutcome outcome in outcomes)
        {
            // What the machine forbids now is no fault of the plan: it stands, and the rules beside it tell.
            if (outcome.Violation is not null && !outcome.Rule.IsAboutTheMachine)
            {
                throw new DiagnosticException(outcome.ToDiagnostic());
            }
        }

        return plan with { Rules = outcomes };
    }
}
