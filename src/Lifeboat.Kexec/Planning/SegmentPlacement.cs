using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Planning;

/// <summary>Finds room for segments. The kernel's is found first, as it is the largest and the choosiest.</summary>
internal abstract class SegmentPlacement
{
    internal static readonly PhysicalAddress FourGiB = new(1UL << 32);

    /// <summary>Where the kernel goes, with all the room it needs before it reads its memory map.</summary>
    internal PhysicalRange Kernel { get; private protected set; }

    /// <summary>The next segment's place, whole pages.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="end">No byte of it lies here or above.</param>
    internal abstract PhysicalRange Take(string name, int bytes, PhysicalAddress end);

    /// <summary>Called once all segments have their places.</summary>
    /// <exception cref="Core.Diagnostics.DiagnosticException">They do not fit; tells every size.</exception>
    internal abstract void RequireRoom();

    /// <summary>All memory that segments may lie in, ascending.</summary>
    internal abstract IReadOnlyList<PhysicalRange> Usable { get; }
}
