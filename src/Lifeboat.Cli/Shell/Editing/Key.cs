namespace Lifeboat.Cli.Shell.Editing;

/// <summary>What a key or a few bytes of a terminal ask for.</summary>
internal enum Key
{
    /// <summary>Nothing that is known.</summary>
    None,

    /// <summary>A character of text.</summary>
    Character,

    /// <summary>The line is ready.</summary>
    Enter,

    /// <summary>Completion.</summary>
    Tab,

    /// <summary>The character before the cursor goes.</summary>
    Backspace,

    /// <summary>The character at the cursor goes.</summary>
    Delete,

    /// <summary>A character to the left.</summary>
    Left,

    /// <summary>A character to the right.</summary>
    Right,

    /// <summary>A word to the left.</summary>
    WordLeft,

    /// <summary>A word to the right.</summary>
    WordRight,

    /// <summary>The line's start.</summary>
    Home,

    /// <summary>The line's end.</summary>
    End,

    /// <summary>The line before.</summary>
    Up,

    /// <summary>The line after.</summary>
    Down,

    /// <summary>All from the cursor on goes.</summary>
    KillToEnd,

    /// <summary>All before the cursor goes.</summary>
    KillToStart,

    /// <summary>The word before the cursor goes.</summary>
    KillWordLeft,

    /// <summary>The word at the cursor goes.</summary>
    KillWordRight,

    /// <summary>What went last comes back.</summary>
    Yank,

    /// <summary>Earlier lines are searched.</summary>
    Search,

    /// <summary>The screen is cleared.</summary>
    Clear,

    /// <summary>The line is given up.</summary>
    Interrupt,

    /// <summary>The end of input on an empty line, otherwise as <see cref="Delete"/>.</summary>
    EndOrDelete,

    /// <summary>No more bytes come.</summary>
    EndOfInput,
}
