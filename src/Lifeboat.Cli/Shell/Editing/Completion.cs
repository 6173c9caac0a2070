namespace Lifeboat.Cli.Shell.Editing;

/// <summary>What could follow what was typed.</summary>
/// <param name="Typed">The end of what was typed that candidates begin with.</param>
/// <param name="Candidates">All that could stand there, in order.</param>
/// <param name="Behind">What goes behind the only one.</param>
internal sealed record Completion(string Typed, IReadOnlyList<string> Candidates, string Behind = " ")
{
    /// <summary>What all candidates begin with.</summary>
    public string Common()
    {
        if (Candidates.Count == 0)
        {
            return Typed;
        }

        string common = Candidates[0];
        foreach (string candidate in Candidates)
        {
            common = common[..common.AsSpan().CommonPrefixLength(candidate)];
        }

        return common;
    }
}
