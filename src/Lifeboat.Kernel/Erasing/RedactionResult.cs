using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Kernel.Erasing;

/// <summary>Whether a dump has what was to be erased in it.</summary>
public sealed class RedactionResult
{
    /// <summary>Places that the dump says are erased.</summary>
    public required int Said { get; init; }

    /// <summary>Places that were found anew, by what leads to them.</summary>
    public required int Found { get; init; }

    /// <summary>Of both, those that are not in the dump, or not all of them: their pages were left out.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Bytes that were looked at and are overwritten.</summary>
    public required ByteCount Erased { get; init; }

    /// <summary>Places that hold something else than the fill pattern.</summary>
    public required IReadOnlyList<ErasedRange> Open { get; init; }

    /// <summary>Places that were found anew and that the dump does not say are erased.</summary>
    public required IReadOnlyList<ErasedRange> Unsaid { get; init; }

    /// <summary>What kept the search from being whole.</summary>
    public required IReadOnlyList<Diagnostic> Notices { get; init; }

    /// <summary>Whether all that was looked for was found, is overwritten or left out, and is said to be.</summary>
    public bool IsProven => Open.Count == 0 && Unsaid.Count == 0 && Notices.Count == 0;
}
