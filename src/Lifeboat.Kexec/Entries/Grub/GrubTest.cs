using System.Globalization;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Evaluates the words of a <c>[ ... ]</c>: true, false, or not known and why.</summary>
internal sealed class GrubTest
{
    private readonly IReadOnlyList<GrubValue> _words;
    private readonly GrubFiles _files;
    private readonly string _device;
    private int _position;
    private int _depth;

    private GrubTest(IReadOnlyList<GrubValue> words, GrubFiles files, string device)
    {
        _words = words;
        _files = files;
        _device = device;
    }

    /// <summary>Why the answer is not known.</summary>
    private string? Doubt { get; set; }

    /// <summary>Evaluates the words between the brackets.</summary>
    /// <param name="words">The words.</param>
    /// <param name="files">Answers tests of files.</param>
    /// <param name="device">The device of paths that name none.</param>
    /// <param name="doubt">Why the answer is not known; null when it is.</param>
    internal static bool? Evaluate(IReadOnlyList<GrubValue> words, GrubFiles files, string device, out string? doubt)
    {
        var test = new GrubTest(words, files, device);
        bool? answer = words.Count == 0 ? false : test.Or();
        doubt = answer is null || test._position < words.Count ? test.Doubt ?? "a test that is not evaluated" : null;
        return doubt is null ? answer : null;
    }

    private string? Peek => _position < _words.Count ? _words[_position].IsKnown ? _words[_position].Text : null : null;

    private bool? Or()
    {
        bool? left = And();
        while (Peek == "-o")
        {
            _position++;
            bool? right = And();
            left = left == true || right == true ? true : left is null || right is null ? null : false;
        }

        return left;
    }

    private bool? And()
    {
        bool? left = Not();
        while (Peek is { } word && word != "-o" && word != ")")
        {
            // Two expressions side by side are joined as with -a.
            _position += word == "-a" ? 1 : 0;
            bool? right = Not();
            left = left == false || right == false ? false : left is null || right is null ? null : true;
        }

        return left;
    }

    private bool? Not()
    {
        if (++_depth > EntryLimits.MaxDepth)
        {
            _position = _words.Count;
            return Unknown("a test that is too deep");
        }

        try
        {
            // A lone ! is a word like another.
            if (Peek != "!" || _position + 1 == _words.Count)
            {
                return Primary();
            }

            _position++;
            return Not() is { } answer ? !answer : null;
        }
        finally
        {
            _depth--;
        }
    }

    private bool? Primary()
    {
        if (_position == _words.Count)
        {
            return Unknown("a test that ends early");
        }

        GrubValue first = _words[_position++];
        if (first is { IsKnown: true, Text: "(" } && _position < _words.Count)
        {
            bool? inner = Or();
            _position += Peek == ")" ? 1 : 0;
            return inner;
        }

        if (_position + 1 < _words.Count && _words[_position] is { IsKnown: true } middle && IsBinary(middle.Text))
        {
            _position++;
            GrubValue second = _words[_position++];
            return (first.Doubt ?? second.Doubt) is { } doubt ? Unknown(doubt) : Compare(first.Text, middle.Text, second.Text);
        }

        if (first.IsKnown && first.Text is "-z" or "-n" or "-e" or "-f" or "-d" or "-s" && _position < _words.Count)
        {
            GrubValue operand = _words[_position++];
            return operand.Doubt is { } unclear ? Unknown(unclear) : Unary(first.Text, operand.Text);
        }

        return first.Doubt is { } unknown ? Unknown(unknown) : first.Text.Length > 0;
    }

    private bool? Unary(string name, string operand)
    {
        if (name is "-z" or "-n")
        {
            return name == "-z" == (operand.Length == 0);
        }

        bool? answer = _files.Test(name[1], operand, _device, out string? problem);
        return answer ?? Unknown(problem!);
    }

    private bool? Compare(string left, string name, string right)
    {
        int order = string.CompareOrdinal(left, right);
        switch (name)
        {
            case "=" or "==":
                return order == 0;
            case "!=":
                return order != 0;
            case "<":
                return order < 0;
            case "<=":
                return order <= 0;
            case ">":
                return order > 0;
            case ">=":
                return order >= 0;
        }

        if (!long.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long first)
            || !long.TryParse(right, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long second))
        {
            return Unknown($"{name} with something that is no number");
        }

        return name switch
        {
            "-eq" => first == second,
            "-ne" => first != second,
            "-lt" => first < second,
            "-le" => first <= second,
            "-gt" => first > second,
            "-ge" => first >= second,
            _ => Unknown($"the test {name}"),
        };
    }

    private static bool IsBinary(string name) => name
        is "=" or "==" or "!=" or "<" or "<=" or ">" or ">=" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge"
        or "-pgt" or "-plt" or "-nt" or "-ot";

    private bool? Unknown(string why)
    {
        Doubt ??= why;
        return null;
    }
}
