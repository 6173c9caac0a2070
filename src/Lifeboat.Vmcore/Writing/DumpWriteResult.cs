using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>What was written.</summary>
/// <param name="FileSize">Bytes of the file.</param>
/// <param name="Pages">The pages by class.</param>
/// <param name="Notices">What the reader of the dump should know: classes that could not be told apart and were kept,
/// pages that could not be read.</param>
public sealed record DumpWriteResult(ByteCount FileSize, PageCounts Pages, IReadOnlyList<Diagnostic> Notices)
{
    /// <summary>The level it was written at: higher than asked for when the dump did not fit.</summary>
    public DumpLevel Level { get; init; }
}
