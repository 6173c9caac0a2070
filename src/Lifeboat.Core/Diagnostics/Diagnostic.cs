using System.Text;

namespace Lifeboat.Core.Diagnostics;

/// <summary>One thing that is wrong with an input or a plan, told so that a person can act on it.</summary>
/// <param name="Id">Which kind it is.</param>
/// <param name="What">What is wrong, a sentence without a full stop.</param>
public sealed record Diagnostic(DiagnosticId Id, string What)
{
    /// <summary>Where: a file, an offset in hex, a field; null when <see cref="What"/> says it.</summary>
    public string? Where { get; init; }

    /// <summary>What stands there.</summary>
    public string? Found { get; init; }

    /// <summary>What should stand there.</summary>
    public string? Expected { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>All of it in a line: <c>LB2001: what (at where; found x, expected y). What to do.</c></summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Id).Append(": ").Append(What);
        var details = new List<string>(3);
        if (Where is not null)
        {
            details.Add($"at {Where}");
        }

        if (Found is not null)
        {
            details.Add($"found {Found}");
        }

        if (Expected is not null)
        {
            details.Add($"expected {Expected}");
        }

        if (details.Count > 0)
        {
            text.Append(" (").AppendJoin(", ", details).Append(')');
        }

        if (Remedy is not null)
        {
            text.Append(". ").Append(Remedy);
        }

        return text.ToString();
    }
}
