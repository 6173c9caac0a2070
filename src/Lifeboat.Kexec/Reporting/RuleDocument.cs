namespace Lifeboat.Kexec.Reporting;

/// <summary>A rule and its outcome as JSON.</summary>
internal sealed record RuleDocument(
    string Name, string Statement, string Errno, string Verdict, string? Violation);
