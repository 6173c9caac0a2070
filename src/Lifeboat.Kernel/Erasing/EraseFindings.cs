using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Kernel.Erasing;

/// <summary>Where a kernel holds what is to be erased.</summary>
/// <param name="ranges">The places.</param>
/// <param name="notices">What could not be found, or not all of it.</param>
public sealed class EraseFindings(IReadOnlyList<ErasedRange> ranges, IReadOnlyList<Diagnostic> notices)
{
    /// <summary>The places, in the order that they were found in.</summary>
    public IReadOnlyList<ErasedRange> Ranges => ranges;

    /// <summary>What could not be found, or not all of it.</summary>
    public IReadOnlyList<Diagnostic> Notices => notices;

    /// <summary>What overwrites them in a dump that is written.</summary>
    public DumpEraser ToEraser() => new(ranges, notices);
}
