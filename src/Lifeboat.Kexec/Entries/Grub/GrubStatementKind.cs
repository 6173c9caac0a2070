namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>What a statement of grub's script language is.</summary>
internal enum GrubStatementKind
{
    /// <summary>A command with its words, perhaps with a block: <c>menuentry 'x' { ... }</c>.</summary>
    Command,

    /// <summary><c>if</c> with a condition, a body and what is done else.</summary>
    If,

    /// <summary><c>for NAME in WORDS; do ... done</c>: the name is the first word.</summary>
    For,

    /// <summary><c>while</c> or <c>until</c>.</summary>
    Loop,

    /// <summary><c>function NAME { ... }</c>.</summary>
    Function,
}
