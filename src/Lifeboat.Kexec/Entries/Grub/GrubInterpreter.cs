using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>
/// Runs grub's script as far as files tell what it does. Where a condition is not known both ways are run, and what they
/// leave different is not known either, with the reason kept; so a doubt reaches only what hangs on it.
/// </summary>
internal sealed partial class GrubInterpreter
{
    private readonly SystemTree _tree;
    private readonly GrubFiles _files;
    private readonly string _folder;
    private readonly Dictionary<string, IReadOnlyList<GrubStatement>> _functions = new(StringComparer.Ordinal);
    private string _source;
    private GrubState _state;
    private GrubMenu _menu = new();
    private string? _doubt;
    private int _steps;
    private int _depth;
    private int _entries;

    internal GrubInterpreter(SystemTree tree, GrubFiles files, string folder, string source, GrubState state)
    {
        _tree = tree;
        _files = files;
        _folder = folder;
        _source = source;
        _state = state;
    }

    /// <summary>The variables as they are now.</summary>
    internal GrubState State => _state;

    /// <summary>Runs a whole script.</summary>
    /// <returns>The menu it makes.</returns>
    /// <exception cref="DiagnosticException">It runs too long or too deep, or a file that it includes is malformed.</exception>
    internal GrubMenu RunMenu(IReadOnlyList<GrubStatement> statements)
    {
        Run(statements);
        return _menu;
    }

    /// <summary>Runs an item as if it were chosen: the variables it leaves tell what was loaded.</summary>
    /// <exception cref="DiagnosticException">It runs too long or too deep.</exception>
    internal GrubState RunItem(GrubMenuItem item) => RunApart(item, _state.Copy(), new GrubMenu());

    /// <summary>Opens a submenu: gives its menu and the variables that its items see.</summary>
    /// <exception cref="DiagnosticException">It runs too long or too deep.</exception>
    internal GrubMenu OpenSubmenu(GrubMenuItem item, out GrubState state)
    {
        var menu = new GrubMenu();
        state = RunApart(item, _state.CopyExported(), menu);
        return menu;
    }

    /// <summary>Goes on with other variables: those of a submenu.</summary>
    internal void Enter(GrubState state) => _state = state;

    private GrubState RunApart(GrubMenuItem item, GrubState state, GrubMenu menu)
    {
        (GrubState State, GrubMenu Menu, string Source) outer = (_state, _menu, _source);
        (_state, _menu, _source) = (state, menu, item.Source);
        _steps += state.Count;
        _state.Remove(GrubState.Unclear);
        SetArguments([item.Title, .. item.Arguments]);
        Run(item.Body);
        GrubState result = _state;
        (_state, _menu, _source) = outer;
        return result;
    }

    private void Run(IReadOnlyList<GrubStatement> statements)
    {
        if (++_depth > EntryLimits.MaxDepth)
        {
            throw Endless(statements);
        }

        foreach (GrubStatement statement in statements)
        {
            if (++_steps > EntryLimits.MaxSteps)
            {
                throw Endless(statements);
            }

            Run(statement);
        }

        _depth--;
    }

    private void Run(GrubStatement statement)
    {
        switch (statement.Kind)
        {
            case GrubStatementKind.If:
                RunIf(statement);
                break;
            case GrubStatementKind.For:
                RunFor(statement);
                break;
            case GrubStatementKind.Loop:
                RunPerhaps(statement.Body!, [], $"{Place(statement)}: loops are not evaluated");
                break;
            case GrubStatementKind.Function:
                _functions[statement.Words[0].Plain!] = statement.Body!;
                break;
            default:
                RunCommand(statement);
                break;
        }
    }

    private void RunIf(GrubStatement statement)
    {
        switch (Holds(statement.Condition, out string? doubt))
        {
            case true:
                Run(statement.Body!);
                break;
            case false:
                Run(statement.Else);
                break;
            default:
                RunPerhaps(statement.Body!, statement.Else, $"{Place(statement)}: {doubt}");
                break;
        }
    }

    private void RunPerhaps(IReadOnlyList<GrubStatement> one, IReadOnlyList<GrubStatement> other, string doubt)
    {
        string? outer = _doubt;
        _doubt ??= doubt;
        _steps += _state.Count;
        GrubState before = _state.Copy();
        Run(one);
        GrubState after = _state;
        _state = before;
        Run(other);
        _state.Merge(after, doubt);
        _doubt = outer;
    }

    private void RunFor(GrubStatement statement)
    {
        string? name = statement.Words[0].Plain;
        foreach (GrubValue value in Expand(statement.Words.Skip(1)))
        {
            if (name is null || !value.IsKnown || value.Text.AsSpan().ContainsAny("*?["))
            {
                RunPerhaps(statement.Body!, [], $"{Place(statement)}: {value.Doubt ?? "a list of files is not evaluated"}");
                continue;
            }

            _state[name] = value;
            Run(statement.Body!);
        }
    }

    /// <summary>Whether a condition holds; all of its commands are run, the last one decides.</summary>
    private bool? Holds(IReadOnlyList<GrubStatement> condition, out string? doubt)
    {
        doubt = "a condition that is not evaluated";
        for (int i = 0; i < condition.Count; i++)
        {
            bool isLast = i == condition.Count - 1;
            if (!isLast || condition[i].Kind != GrubStatementKind.Command)
            {
                Run((IReadOnlyList<GrubStatement>)[condition[i]]);
                continue;
            }

            IReadOnlyList<GrubValue> words = Expand(condition[i].Words);
            bool negated = words is [{ IsKnown: true, Text: "!" }, ..];
            words = negated ? [.. words.Skip(1)] : words;
            bool? answer = words switch
            {
                [{ IsKnown: true, Text: "[" }, .., { IsKnown: true, Text: "]" }] =>
                    GrubTest.Evaluate([.. words.Skip(1).SkipLast(1)], _files, Device, out doubt),
                [{ IsKnown: true, Text: "test" }, ..] => GrubTest.Evaluate([.. words.Skip(1)], _files, Device, out doubt),
                [{ IsKnown: true, Text: "true" }] => true,
                [{ IsKnown: true, Text: "false" }] => false,
                _ => null,
            };
            if (answer is null && doubt == "a condition that is not evaluated" && words.Count > 0)
            {
                doubt = $"what '{words[0].Text}' answers, only grub knows";
                RunCommand(condition[i]);
            }

            return answer is { } known ? known != negated : null;
        }

        return null;
    }

    /// <summary>Expands words: variables become their values, bare ones split at blanks.</summary>
    private List<GrubValue> Expand(IEnumerable<GrubWord> words)
    {
        var values = new List<GrubValue>();
        foreach (GrubWord word in words)
        {
            string text = "";
            string? doubt = null;
            bool isWord = false;
            foreach (GrubWordPart part in word.Parts)
            {
                if (!part.IsVariable)
                {
                    text += part.Text;
                    isWord = true;
                    continue;
                }

                GrubValue value = Variable(part.Text);
                if (part.IsQuoted || !value.IsKnown)
                {
                    text += value.Text;
                    doubt ??= value.Doubt;
                    isWord = true;
                    continue;
                }

                string[] pieces = value.Text.Split((char[])[' ', '\t', '\n']);
                for (int i = 0; i < pieces.Length; i++)
                {
                    if (i > 0 && (isWord || text.Length > 0))
                    {
                        values.Add(new GrubValue(text, doubt));
                        (text, doubt, isWord) = ("", null, false);
                    }

                    text += pieces[i];
                }

                isWord |= text.Length > 0;
                _steps += pieces.Length;
            }

            if (isWord || text.Length > 0)
            {
                values.Add(new GrubValue(text, doubt));
            }

            if (text.Length > EntryLimits.MaxValue || values.Count > EntryLimits.MaxValue)
            {
                throw new DiagnosticException(BootEntries.Unclear("A value is longer than is believed", _source));
            }
        }

        return values;
    }

    private GrubValue Variable(string name) => name switch
    {
        "?" => new GrubValue("$?", "$? is not evaluated"),
        "cmdpath" or "fw_path" => new GrubValue($"${name}", $"the variable {name} is set by grub itself"),
        _ when name.StartsWith("net_", StringComparison.Ordinal) || name.StartsWith("pxe_", StringComparison.Ordinal) =>
            new GrubValue($"${name}", $"the variable {name} is set by grub itself"),
        _ => _state[name],
    };

    /// <summary>The device of paths that name none.</summary>
    private string Device => _state["root"] is { IsKnown: true } root ? root.Text : "not known";

    private void SetArguments(IReadOnlyList<GrubValue> values)
    {
        for (int i = 0; i < 10; i++)
        {
            _state[$"{i + 1}"] = i < values.Count ? values[i] : GrubValue.Empty;
        }

        _state["#"] = new GrubValue($"{values.Count}");
        _state["@"] = Joined(values);
        _state["*"] = _state["@"];
    }

    private static GrubValue Joined(IReadOnlyList<GrubValue> values)
    {
        var texts = new List<string>();
        string? doubt = null;
        foreach (GrubValue value in values)
        {
            texts.Add(value.Text);
            doubt ??= value.Doubt;
        }

        return new GrubValue(string.Join(' ', texts), doubt);
    }

    private string Place(GrubStatement statement) => $"{_source}:{statement.Line}";

    private DiagnosticException Endless(IReadOnlyList<GrubStatement> statements) => new(BootEntries.Unclear(
        "The script runs longer or deeper than is believed", statements.Count == 0 ? _source : Place(statements[0])));
}
