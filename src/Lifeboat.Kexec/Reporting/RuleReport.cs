using System.Text;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Reporting;

/// <summary>What the kernel's rules say of a call, in a table and as JSON.</summary>
internal static class RuleReport
{
    /// <summary>Adds a heading and a row for each rule.</summary>
    internal static void AppendTo(StringBuilder text, IReadOnlyList<KexecRuleOutcome> outcomes)
    {
        text.Append("\nThe kernel's rules\n");
        var rules = new TextTable();
        foreach (KexecRuleOutcome outcome in outcomes)
        {
            rules.Add(Verdict(outcome), outcome.Rule.Name, outcome.Violation is { } found
                ? $"{outcome.Rule.Statement} ({outcome.Rule.Errno}): {found}. {outcome.Rule.Remedy}"
                : outcome.Rule.Statement);
        }

        rules.WriteTo(text);
    }

    /// <summary>A document for each rule.</summary>
    internal static IReadOnlyList<RuleDocument> ToDocuments(IReadOnlyList<KexecRuleOutcome> outcomes)
    {
        var documents = new List<RuleDocument>(outcomes.Count);
        foreach (KexecRuleOutcome outcome in outcomes)
        {
            documents.Add(new RuleDocument(
                outcome.Rule.Name, outcome.Rule.Statement, $"{outcome.Rule.Errno}", Verdict(outcome), outcome.Violation));
        }

        return documents;
    }

    private static string Verdict(KexecRuleOutcome outcome) =>
        !outcome.Checked ? "unchecked" : outcome.Violation is null ? "holds" : "broken";
}
