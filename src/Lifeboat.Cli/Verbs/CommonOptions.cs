using System.CommandLine;

namespace Lifeboat.Cli.Verbs;

/// <summary>Options that every verb spells alike.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>: one JSON document on standard output instead of text.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document instead of text (docs/json.md has its fields).",
    };
}
