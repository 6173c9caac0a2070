using System.Runtime.CompilerServices;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Tests.Rules;

/// <summary>The tables of rules in docs/loader.md are the rules. LIFEBOAT_UPDATE_GOLDENS=1 writes them anew.</summary>
public sealed class RuleTableTests
{
    [Theory]
    [InlineData("kexec_load")]
    [InlineData("kexec_file_load")]
    public void The_table_in_the_documentation_is_of_these_rules(string call)
    {
        string path = Path.Combine(Root(), "docs/loader.md");
        Assert.SkipUnless(File.Exists(path), "there is no docs/loader.md");
        string text = File.ReadAllText(path);
        int start = text.IndexOf($"### {call}\n\n", StringComparison.Ordinal) + call.Length + 6;
        int end = text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        string table = Table(call == "kexec_load" ? KexecRules.Rules : KexecFileRules.Rules);
        if (Environment.GetEnvironmentVariable("LIFEBOAT_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(path, text[..start] + table + text[end..]);
            return;
        }

        Assert.Equal(table, text[start..end]);
    }

    private static string Table(IReadOnlyList<KexecRule> rules) =>
        "| Rule | The kernel wants | Errno | Kernels | About | What to do |\n|---|---|---|---|---|---|\n" + string.Concat(rules.Select(static rule =>
            $"| {rule.Name} | {rule.Statement} | {rule.Errno} | {Kernels(rule)} | {(rule.IsAboutTheMachine ? "machine" : "call")} | {rule.Remedy} |\n"));

    private static string Kernels(KexecRule rule) => (rule.Since, rule.Before) switch
    {
        ({ } since, null) => $"since {since}",
        (null, { } before) => $"before {before}",
        ({ } since, { } before) => $"{since} to {before}",
        _ => "all",
    };

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
