namespace Lifeboat.Cli.Shell.Editing;

/// <summary>Lets a person write a line on a terminal: keys as in other shells, earlier lines, completion.</summary>
/// <remarks>The line stays one row of the screen: of one that is longer, what is around the cursor is shown.</remarks>
internal sealed class LineEditor
{
    private const string ClearToEnd = "\e[K";
    private const string ClearScreen = "\e[H\e[2J";
    private const int MostListed = 400;

    private readonly KeyReader _keys;
    private readonly TextWriter _screen;
    private readonly Func<int> _width;
    private readonly LineHistory _history;
    private readonly Func<string, Completion> _complete;

    /// <param name="nextByte">Gives what the terminal sends; -1 at the end.</param>
    /// <param name="screen">The terminal.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="history">Earlier lines.</param>
    /// <param name="complete">What could follow the text before the cursor.</param>
    public LineEditor(
        Func<int> nextByte, TextWriter screen, Func<int> width, LineHistory history, Func<string, Completion> complete)
    {
        (_keys, _screen, _width, _history, _complete) = (new KeyReader(nextByte), screen, width, history, complete);
    }

    /// <summary>The line; empty when it was given up, null at the end of input.</summary>
    public string? Read(string prompt)
    {
        var buffer = new EditBuffer();
        int place = _history.Lines.Count;
        string unfinished = "";
        while (true)
        {
            Draw(prompt, buffer);
            Key key = _keys.Read();
            if (key == Key.Search)
            {
                key = Search(buffer);
            }

            switch (key)
            {
                case Key.Character:
                    buffer.Insert(_keys.Text);
                    break;
                case Key.Enter:
                    NewLine();
                    return buffer.Text;
                case Key.Interrupt:
                    _screen.Write("^C");
                    NewLine();
                    return "";
                case Key.EndOfInput:
                case Key.EndOrDelete when buffer.Text.Length == 0:
                    NewLine();
                    return null;
                case Key.Clear:
                    _screen.Write(ClearScreen);
                    break;
                case Key.Tab:
                    Complete(prompt, buffer);
                    break;
                case Key.Up when place > 0:
                    unfinished = place == _history.Lines.Count ? buffer.Text : unfinished;
                    buffer.Set(_history.Lines[--place]);
                    break;
                case Key.Down when place < _history.Lines.Count:
                    place++;
                    buffer.Set(place == _history.Lines.Count ? unfinished : _history.Lines[place]);
                    break;
                default:
                    _ = buffer.Apply(key);
                    break;
            }
        }
    }

    // Types of the search until another key: that one is given back, with the line found in the buffer.
    private Key Search(EditBuffer buffer)
    {
        string wanted = "";
        int place = _history.Lines.Count;
        string before = buffer.Text;
        while (true)
        {
            Draw($"(search) {wanted}: ", buffer);
            Key key = _keys.Read();
            int from = place;
            switch (key)
            {
                case Key.Character:
                    wanted += _keys.Text;
                    from = Math.Min(place + 1, _history.Lines.Count);
                    break;
                case Key.Backspace when wanted.Length > 0:
                    wanted = wanted[..^1];
                    from = _history.Lines.Count;
                    break;
                case Key.Search:
                    break;
                case Key.Interrupt:
                    buffer.Set(before);
                    return Key.None;
                default:
                    return key;
            }

            int found = _history.FindBefore(from, wanted);
            if (found >= 0 && wanted.Length > 0)
            {
                place = found;
                buffer.Set(_history.Lines[found]);
            }
        }
    }

    private void Complete(string prompt, EditBuffer buffer)
    {
        Completion found = _complete(buffer.Text[..buffer.Cursor]);
        string common = found.Common();
        if (common.Length > found.Typed.Length)
        {
            buffer.Insert(common[found.Typed.Length..] + (found.Candidates.Count == 1 ? found.Behind : ""));
        }
        else if (found.Candidates.Count == 1)
        {
            buffer.Insert(found.Behind);
        }
        else if (found.Candidates.Count > 1)
        {
            Draw(prompt, buffer);
            NewLine();
            List(found.Candidates);
        }
    }

    private void List(IReadOnlyList<string> candidates)
    {
        if (candidates.Count > MostListed)
        {
            _screen.Write($"{candidates.Count} possibilities");
            NewLine();
            return;
        }

        int widest = 0;
        foreach (string candidate in candidates)
        {
            widest = Math.Max(widest, candidate.Length + 2);
        }

        int columns = Math.Max(1, _width() / widest);
        int rows = (candidates.Count + columns - 1) / columns;
        for (int row = 0; row < rows; row++)
        {
            for (int i = row; i < candidates.Count; i += rows)
            {
                _screen.Write(i + rows < candidates.Count ? candidates[i].PadRight(widest) : candidates[i]);
            }

            NewLine();
        }
    }

    private void Draw(string prompt, EditBuffer buffer)
    {
        int room = Math.Max(8, _width() - prompt.Length - 1);
        int start = Math.Max(0, buffer.Cursor - room + 1);
        string seen = buffer.Text[start..Math.Min(buffer.Text.Length, start + room)];
        _screen.Write($"\r{prompt}{seen}{ClearToEnd}\r\e[{prompt.Length + buffer.Cursor - start}C");
        _screen.Flush();
    }

    // The terminal does nothing of its own now.
    private void NewLine()
    {
        _screen.Write("\r\n");
        _screen.Flush();
    }
}
