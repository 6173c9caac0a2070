using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>What came of reading every page of a dump.</summary>
/// <param name="PagesRead">Pages that could be read whole.</param>
/// <param name="Faults">Pages that should be in the dump and could not be read.</param>
/// <param name="FirstFault">The first of these; <see cref="MemoryFault.None"/> when there are none.</param>
public sealed record DumpCheckResult(ulong PagesRead, ulong Faults, MemoryFault FirstFault)
{
    /// <summary>Where the parts of the file contradict each other; none where nothing does.</summary>
    public IReadOnlyList<Diagnostic> Contradictions { get; init; } = [];
}
