namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>A piece of a word.</summary>
/// <param name="Text">The text, or the variable's name.</param>
/// <param name="IsVariable">Whether it is a variable.</param>
/// <param name="IsQuoted">Whether it stands in quotes: a variable that does not is split at blanks.</param>
internal sealed record GrubWordPart(string Text, bool IsVariable, bool IsQuoted);
