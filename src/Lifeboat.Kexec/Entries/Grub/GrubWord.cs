namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>A word: pieces of text and variables that stand together.</summary>
internal sealed record GrubWord(IReadOnlyList<GrubWordPart> Parts)
{
    /// <summary>The word when it is bare text, without quotes and variables; only such a word is a keyword.</summary>
    internal string? Plain => Parts is [{ IsVariable: false, IsQuoted: false } part] ? part.Text : null;
}
