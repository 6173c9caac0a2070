namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>What a token of grub's script language is.</summary>
internal enum GrubTokenKind
{
    /// <summary>The end of the file.</summary>
    End,

    /// <summary>A line's end or a semicolon.</summary>
    Separator,

    /// <summary><c>{</c>.</summary>
    Open,

    /// <summary><c>}</c>.</summary>
    Close,

    /// <summary>A word.</summary>
    Word,
}
