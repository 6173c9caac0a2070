namespace Lifeboat.Cli.Shell.Editing;

/// <summary>A line being written: its text, and where the cursor is.</summary>
internal sealed class EditBuffer
{
    private string _killed = "";

    public string Text { get; private set; } = "";

    public int Cursor { get; private set; }

    /// <summary>Takes another line; the cursor goes to its end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text) => (Text, Cursor) = (Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>Does what a key asks for; false for keys that are about more than the line.</summary>
    public bool Apply(Key key)
    {
        switch (key)
        {
            case Key.Left:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case Key.Right:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                break;
            case Key.WordLeft:
                Cursor = WordStart();
                break;
            case Key.WordRight:
                Cursor = WordEnd();
                break;
            case Key.Home:
                Cursor = 0;
                break;
            case Key.End:
                Cursor = Text.Length;
                break;
            case Key.Backspace:
                Remove(Cursor - 1, Cursor, isKept: false);
                break;
            case Key.Delete or Key.EndOrDelete:
                Remove(Cursor, Cursor + 1, isKept: false);
                break;
            case Key.KillToEnd:
                Remove(Cursor, Text.Length, isKept: true);
                break;
            case Key.KillToStart:
                Remove(0, Cursor, isKept: true);
                break;
            case Key.KillWordLeft:
                Remove(WordStart(), Cursor, isKept: true);
                break;
            case Key.KillWordRight:
                Remove(Cursor, WordEnd(), isKept: true);
                break;
            case Key.Yank:
                Insert(_killed);
                break;
            default:
                return false;
        }

        return true;
    }

    private void Remove(int start, int end, bool isKept)
    {
        if (start < 0 || end > Text.Length || start == end)
        {
            return;
        }

        _killed = isKept ? Text[start..end] : _killed;
        (Text, Cursor) = (Text.Remove(start, end - start), start);
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && Text[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && Text[at - 1] != ' ')
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        int at = Cursor;
        while (at < Text.Length && Text[at] == ' ')
        {
            at++;
        }

        while (at < Text.Length && Text[at] != ' ')
        {
            at++;
        }

        return at;
    }
}
