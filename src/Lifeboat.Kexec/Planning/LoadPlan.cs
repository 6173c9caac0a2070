using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Everything that kexec_load is given, ready to be called with, and what led to it.
/// </summary>
/// <remarks>
/// <code>
/// reservation   | kernel, and room to unpack | free            | ramdisk | purgatory | boot parameters | ELF core header |
///               start                        the capture kernel's own memory                                        end
/// </code>
/// <para>The kernel keeps its own control pages (the switch-over code and its page tables) in the free part too.</para>
/// </remarks>
public sealed record LoadPlan
{
    /// <summary>What is loaded, ascending by address.</summary>
    public required IReadOnlyList<LoadSegment> Segments { get; init; }

    /// <summary>Where the crashed kernel jumps to: purgatory's first byte.</summary>
    public required PhysicalAddress EntryPoint { get; init; }

    /// <summary>The flags of the call.</summary>
    public required KexecLoadFlags Flags { get; init; }

    /// <summary>The reservation that is loaded into.</summary>
    public required PhysicalRange Reservation { get; init; }

    /// <summary>What of the reservation no segment takes.</summary>
    public required ByteCount Free { get; init; }

    /// <summary>The capture kernel's whole command line.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The memory map the capture kernel is given, ascending.</summary>
    public required IReadOnlyList<E820Entry> MemoryMap { get; init; }

    /// <summary>The RAM that the dump will hold, ascending.</summary>
    public required IReadOnlyList<PhysicalRange> DumpedRam { get; init; }

    /// <summary>The image's path.</summary>
    public required string KernelName { get; init; }

    /// <summary>The capture kernel's version string; null when the image names none.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>The kernel's own rules, in its order, each with what it says of this plan.</summary>
    public required IReadOnlyList<KexecRuleOutcome> Rules { get; init; }

    /// <summary>What was left out or may make the capture poorer; none of it prevents the load.</summary>
    public required IReadOnlyList<Diagnostic> Notices { get; init; }
}
