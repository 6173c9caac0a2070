using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Split;

/// <summary>What came of joining the parts of a split dump.</summary>
/// <param name="FileSize">Bytes of the file.</param>
/// <param name="IsIncomplete">Whether a part was missing or incomplete.</param>
/// <param name="Notices">What was wrong with the parts and was tolerated.</param>
public sealed record SplitJoinResult(ByteCount FileSize, bool IsIncomplete, IReadOnlyList<Diagnostic> Notices);
