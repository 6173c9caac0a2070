using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Rules;

/// <summary>What a rule says of a plan.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Violation">How the plan breaks it; null when it holds.</param>
/// <param name="Checked">Whether it could be checked: the machine's size may be unknown.</param>
public sealed record KexecRuleOutcome(KexecRule Rule, string? Violation, bool Checked = true)
{
    /// <summary>A broken rule as a diagnostic.</summary>
    public Diagnostic ToDiagnostic() =>
        new(KexecDiagnostics.RuleBroken, $"The kernel would refuse the plan with {Rule.Errno}: {Rule.Statement}")
        {
            Where = $"rule {Rule.Name}",
            Found = Violation,
        };
}
