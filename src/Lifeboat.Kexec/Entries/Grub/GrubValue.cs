namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>The value of a variable or an expanded word: known, or why not.</summary>
/// <param name="Text">The text; of a value that is not known, what it looks like with the variables unexpanded.</param>
/// <param name="Doubt">Why it is not known; null when it is.</param>
internal sealed record GrubValue(string Text, string? Doubt = null)
{
    internal static GrubValue Empty { get; } = new("");

    internal bool IsKnown => Doubt is null;
}
