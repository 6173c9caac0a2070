namespace Lifeboat.Cli.Help;

/// <summary>A term of a manual page and what it means.</summary>
/// <param name="Term">An option, a command line, a path or an exit code.</param>
/// <param name="Meaning">What it means.</param>
internal sealed record ManualEntry(string Term, string Meaning)
{
    /// <summary>The entry of an exit code.</summary>
    public ManualEntry(int code, string meaning)
        : this($"{code}", meaning)
    {
    }
}
