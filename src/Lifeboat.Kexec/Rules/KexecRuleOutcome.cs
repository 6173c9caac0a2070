using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Kexec.Rules;

/// <summary>What a rule says of a call.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Violation">How the call breaks it; null when it holds.</param>
/// <param name="Checked">Whether enough is known of the machine to check it.</param>
public sealed record KexecRuleOutcome(KexecRule Rule, string? Violation, bool Checked = true)
{
    /// <summary>The first rule that is broken, whose errno the kernel answers with; null when all hold.</summary>
    /// <param name="outcomes">The outcomes, in the kernel's order.</param>
    public static KexecRuleOutcome? FirstBroken(IReadOnlyList<KexecRuleOutcome> outcomes)
    {
        foreach (KexecRuleOutcome outcome in outcomes)
        {
            if (outcome.Violation is not null)
            {
                return outcome;
            }
        }

        return null;
    }

    /// <summary>A broken rule as a diagnostic.</summary>
    public Diagnostic ToDiagnostic() =>
        new(KexecDiagnostics.RuleBroken, $"The kernel would refuse the plan with {Rule.Errno}: {Rule.Statement}")
        {
            Where = $"rule {Rule.Name}",
            Found = Violation,
            Remedy = Rule.Remedy,
        };

    /// <summary>What the kernel answers, by these outcomes.</summary>
    internal static Errno Answer(IReadOnlyList<KexecRuleOutcome> outcomes) =>
        FirstBroken(outcomes)?.Rule.Errno ?? Errno.None;
}
