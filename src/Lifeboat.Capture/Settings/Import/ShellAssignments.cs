namespace Lifeboat.Capture.Settings.Import;

/// <summary>
/// The assignments of a file that a shell reads, without a shell: what depends on commands, conditions or expansions is
/// refused by name, because what it comes to is only known to the shell at that moment.
/// </summary>
internal sealed class ShellAssignments
{
    private const string InBlock = "it stands in a condition, a loop or a function: only a shell can tell whether it counts";
    private const string IsCommand = "a command: nothing of a file is run";
    private const string IsPart = "part of a command: nothing of a file is run";

    private static readonly string[] Openers = ["if", "for", "while", "until", "case", "select", "{"];
    private static readonly string[] Closers = ["fi", "done", "esac", "}"];
    private static readonly string[] Joiners = ["then", "else", "elif", "do", "!"];
    private static readonly string[] Declarators = ["export", "readonly", "declare", "typeset"];
    private static readonly string[] Leavers = ["exit", "return", "exec"];

    private readonly ShellWordReader _reader;
    private readonly List<ShellStatement> _statements = [];
    private readonly List<ShellWord> _words = [];
    private int _blocks;
    private int _parentheses;
    private bool _hasOperator;
    private bool _ends;

    private ShellAssignments(string text) => _reader = new ShellWordReader(text);

    /// <summary>Reads a file's text, whatever it holds.</summary>
    internal static IReadOnlyList<ShellStatement> Read(string text)
    {
        var assignments = new ShellAssignments(text);
        while (!assignments._reader.IsAtEnd && !assignments._ends)
        {
            assignments.ReadStatement();
        }

        return assignments._statements;
    }

    private void ReadStatement()
    {
        _words.Clear();
        _hasOperator = false;
        bool wasInBlock = _blocks > 0 || _parentheses > 0;
        bool beginsCommand = true;
        while (true)
        {
            _reader.SkipBlanks();
            if (_reader.IsAtEnd || _reader.Current is '\n' or ';')
            {
                _reader.Advance();
                break;
            }

            if (ShellWordReader.IsOperator(_reader.Current))
            {
                ReadOperator();
                beginsCommand = true;
                continue;
            }

            ShellWord word = _reader.Read();
            _words.Add(word);

            // A brace is counted wherever it stands: bash lets a function begin with words of its own.
            beginsCommand = (beginsCommand || word.Raw == "{") && CountsBlock(word);
        }

        if (_words.Count > 0)
        {
            Tell(wasInBlock || _blocks > 0 || _parentheses > 0);
        }
    }

    private void ReadOperator()
    {
        if (_reader.IsNext("<<"))
        {
            // What follows is text for a command, and looks like anything.
            _ends = true;
            _statements.Add(new ShellStatement(new ForeignSetting(_reader.Line, "<<", "", ' '), "a here document: nothing after it is read"));
        }

        _hasOperator = true;
        if (_blocks == 0)
        {
            // In a case, a parenthesis closes a pattern; in no block it opens and closes a subshell.
            _parentheses = Math.Max(0, _parentheses + (_reader.Current == '(' ? 1 : _reader.Current == ')' ? -1 : 0));
        }

        _reader.Advance();
    }

    // Whether after this word a command may still begin.
    private bool CountsBlock(ShellWord word)
    {
        if (word.Name is not null)
        {
            return false;
        }

        if (Array.IndexOf(Openers, word.Raw) >= 0)
        {
            _blocks++;
        }
        else if (Array.IndexOf(Closers, word.Raw) >= 0)
        {
            _blocks = Math.Max(0, _blocks - 1);
        }
        else if (Array.IndexOf(Joiners, word.Raw) < 0)
        {
            return false;
        }

        return true;
    }

    private void Tell(bool isInBlock)
    {
        ShellWord? command = _words.Find(static word => word.Name is null);
        bool declares = command is not null && _words[0] == command && Array.IndexOf(Declarators, command.Raw) >= 0;
        string? refusal = isInBlock ? InBlock : command is not null && !declares ? IsPart : _hasOperator ? IsPart : null;
        foreach (ShellWord word in _words)
        {
            if (word.Name is { } name)
            {
                string? problem = refusal ?? word.Problem ?? (name[^1] == '+' ? "it adds to what stood before" : null);
                _statements.Add(new ShellStatement(
                    new ForeignSetting(word.Line, name, problem is null ? word.Value : word.Raw, '='), problem));
            }
        }

        // The words of a block are told with its first.
        bool isToldAlready = command is not null && isInBlock
            && (Array.IndexOf(Joiners, command.Raw) >= 0 || Array.IndexOf(Closers, command.Raw) >= 0);
        if (command is not null && !declares && !isToldAlready)
        {
            bool ends = !isInBlock && Array.IndexOf(Leavers, command.Raw) >= 0;
            _ends |= ends;

            // Assignments among its words are told each for itself, by a name that may say that its value is secret.
            string rest = string.Join(' ', _words.Where(word => word.Name is null && word != command).Select(word => word.Raw));
            _statements.Add(new ShellStatement(
                new ForeignSetting(command.Line, command.Raw, rest, ' '), ends ? IsCommand + ", and the file may end here" : IsCommand));
        }
    }
}
