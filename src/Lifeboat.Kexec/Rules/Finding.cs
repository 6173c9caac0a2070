namespace Lifeboat.Kexec.Rules;

/// <summary>What a check found.</summary>
/// <param name="Checked">Whether enough was known to check.</param>
/// <param name="Violation">How the rule is broken; null when it holds.</param>
internal sealed record Finding(bool Checked, string? Violation)
{
    internal static Finding Holds { get; } = new(true, null);

    internal static Finding Unknown { get; } = new(false, null);

    internal static Finding Broken(string how) => new(true, how);

    /// <summary>A fact that must be so; null is a fact that is not known.</summary>
    internal static Finding Require(bool? fact, string otherwise) =>
        fact is null ? Unknown : fact.Value ? Holds : Broken(otherwise);
}
