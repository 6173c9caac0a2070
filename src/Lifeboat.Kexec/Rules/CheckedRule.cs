using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Rules;

/// <summary>A rule and how it is checked.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Check">What breaks it in a plan, given the memory that the kernel manages; null when nothing does.</param>
/// <param name="NeedsRam">Whether the check needs that memory to be known.</param>
internal sealed record CheckedRule(KexecRule Rule, Func<LoadPlan, ByteCount?, string?> Check, bool NeedsRam);
