using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Everything that kexec_load is given, ready to be called with, and what led to it.
/// </summary>
/// <remarks>
/// <para>For a crash:</para>
/// <code>
/// | kernel, and room to unpack | free            | ramdisk | purgatory | boot parameters | ELF core header |
/// start of the reservation     the capture kernel's own memory                                          end
/// </code>
/// <para>The kernel keeps its own control pages (the switch-over code and its page tables) in the free part too.</para>
/// <para>For a reboot:</para>
/// <code>
/// | 1 MiB, not used | kernel, and room to unpack | free | ramdisk | purgatory | boot parameters | other memory
/// 0                 16 MiB or above                             the top of RAM below 4 GiB
/// </code>
/// </remarks>
public sealed record LoadPlan
{
    /// <summary>What starts the image.</summary>
    public required LoadPurpose Purpose { get; init; }

    /// <summary>What is loaded, ascending by address.</summary>
    public required IReadOnlyList<LoadSegment> Segments { get; init; }

    /// <summary>Where the running kernel jumps to: purgatory's first byte.</summary>
    public required PhysicalAddress EntryPoint { get; init; }

    /// <summary>The flags of the call.</summary>
    public required KexecLoadFlags Flags { get; init; }

    /// <summary>The reservation that is loaded into; empty for a reboot, which needs none.</summary>
    public required PhysicalRange Reservation { get; init; }

    /// <summary>What no segment takes of the memory that segments may lie in.</summary>
    public required ByteCount Free { get; init; }

    /// <summary>The next kernel's whole command line.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The memory map the next kernel is given, ascending.</summary>
    public required IReadOnlyList<E820Entry> MemoryMap { get; init; }

    /// <summary>The RAM that the dump will hold, ascending; none for a reboot.</summary>
    public required IReadOnlyList<PhysicalRange> DumpedRam { get; init; }

    /// <summary>The image's path.</summary>
    public required string KernelName { get; init; }

    /// <summary>The next kernel's version string; null when the image names none.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>The kernel's own rules, in its order, each with what it says of this plan.</summary>
    public required IReadOnlyList<KexecRuleOutcome> Rules { get; init; }

    /// <summary>What was left out or may make the capture poorer; none of it prevents the load.</summary>
    public required IReadOnlyList<Diagnostic> Notices { get; init; }
}
