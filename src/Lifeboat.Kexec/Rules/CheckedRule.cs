namespace Lifeboat.Kexec.Rules;

/// <summary>A rule and how it is checked.</summary>
/// <typeparam name="TCall">What is checked: a call.</typeparam>
/// <param name="Rule">The rule.</param>
/// <param name="Check">What a call does to it, where this is known of the kernel.</param>
/// <param name="NeedsEarlier">Whether the check makes sense only of a call that keeps all earlier rules.</param>
internal sealed record CheckedRule<TCall>(
    KexecRule Rule, Func<TCall, KexecEnvironment, Finding> Check, bool NeedsEarlier = false)
    where TCall : class
{
    /// <summary>What each of <paramref name="rules"/> says that this kernel has, in order.</summary>
    internal static IReadOnlyList<KexecRuleOutcome> CheckAll(
        IReadOnlyList<CheckedRule<TCall>> rules, TCall call, KexecEnvironment environment)
    {
        var outcomes = new List<KexecRuleOutcome>();
        bool sound = true;
        foreach (CheckedRule<TCall> rule in rules)
        {
            if (!rule.Rule.AppliesTo(environment.Version))
            {
                continue;
            }

            Finding finding = rule.NeedsEarlier && !sound ? Finding.Unknown : rule.Check(call, environment);
            sound &= finding.Violation is null || rule.Rule.IsAboutTheMachine;
            outcomes.Add(new KexecRuleOutcome(rule.Rule, finding.Violation, finding.Checked));
        }

        return outcomes;
    }
}
