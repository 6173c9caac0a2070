using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Reads grub's script language into statements.</summary>
internal sealed class GrubReader
{
    private readonly GrubTokens _tokens;
    private int _depth;

    private GrubReader(GrubTokens tokens) => _tokens = tokens;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DiagnosticException">It is not of the language; names the line.</exception>
    internal static IReadOnlyList<GrubStatement> Read(string text, string source)
    {
        var reader = new GrubReader(new GrubTokens(text, source));
        IReadOnlyList<GrubStatement> statements = reader.Statements();
        return reader._tokens.Kind == GrubTokenKind.End ? statements : throw reader._tokens.Malformed("stands for no block");
    }

    private List<GrubStatement> Statements(params ReadOnlySpan<string> ends)
    {
        if (++_depth > EntryLimits.MaxDepth)
        {
            throw _tokens.Malformed($"is more than {EntryLimits.MaxDepth} blocks deep");
        }

        var statements = new List<GrubStatement>();
        while (true)
        {
            SkipSeparators();
            if (_tokens.Kind is GrubTokenKind.End or GrubTokenKind.Close || (_tokens.Keyword is { } word && ends.Contains(word)))
            {
                _depth--;
                return statements;
            }

            statements.Add(Statement());
        }
    }

    private GrubStatement Statement()
    {
        int line = _tokens.Line;
        switch (_tokens.Keyword)
        {
            case "if":
                _tokens.Next();
                return If(line);
            case "while" or "until":
                _tokens.Next();
                List<GrubStatement> condition = Statements("do");
                return new GrubStatement(GrubStatementKind.Loop, line) { Condition = condition, Body = Do() };
            case "for":
                _tokens.Next();
                List<GrubWord> words = Words();
                SkipSeparators();
                return words is [_, { Plain: "in" }, ..]
                    ? new GrubStatement(GrubStatementKind.For, line) { Words = [words[0], .. words[2..]], Body = Do() }
                    : throw _tokens.Malformed("follows a for without a list");
            case "function":
                _tokens.Next();
                List<GrubWord> name = Words();
                SkipSeparators();
                return name is [{ Plain: not null }]
                    ? new GrubStatement(GrubStatementKind.Function, line) { Words = name, Body = Block() }
                    : throw _tokens.Malformed("follows a function without a name");
            case "then" or "elif" or "else" or "fi" or "do" or "done":
                throw _tokens.Malformed("is out of place");
        }

        if (_tokens.Kind != GrubTokenKind.Word)
        {
            throw _tokens.Malformed("begins no statement");
        }

        List<GrubWord> command = Words();
        return new GrubStatement(GrubStatementKind.Command, line)
        {
            Words = command,
            Body = _tokens.Kind == GrubTokenKind.Open ? Block() : null,
        };
    }

    private GrubStatement If(int line)
    {
        List<GrubStatement> condition = Statements("then");
        Expect("then");
        List<GrubStatement> body = Statements("elif", "else", "fi");
        var statement = new GrubStatement(GrubStatementKind.If, line) { Condition = condition, Body = body };
        int next = _tokens.Line;
        switch (_tokens.Keyword)
        {
            case "elif":
                _tokens.Next();
                if (++_depth > EntryLimits.MaxDepth)
                {
                    throw _tokens.Malformed("follows too many elif");
                }

                statement = statement with { Else = [If(next)] };
                _depth--;
                return statement;
            case "else":
                _tokens.Next();
                statement = statement with { Else = Statements("fi") };
                break;
        }

        Expect("fi");
        return statement;
    }

    private List<GrubStatement> Do()
    {
        Expect("do");
        List<GrubStatement> body = Statements("done");
        Expect("done");
        return body;
    }

    private List<GrubStatement> Block()
    {
        if (_tokens.Kind != GrubTokenKind.Open)
        {
            throw _tokens.Malformed("stands where a block begins");
        }

        _tokens.Next();
        List<GrubStatement> body = Statements();
        if (_tokens.Kind != GrubTokenKind.Close)
        {
            throw _tokens.Malformed("stands where a block ends");
        }

        _tokens.Next();
        return body;
    }

    private List<GrubWord> Words()
    {
        var words = new List<GrubWord>();
        for (; _tokens.Kind == GrubTokenKind.Word; _tokens.Next())
        {
            words.Add(_tokens.Word);
        }

        return words;
    }

    private void SkipSeparators()
    {
        while (_tokens.Kind == GrubTokenKind.Separator)
        {
            _tokens.Next();
        }
    }

    private void Expect(string keyword)
    {
        if (_tokens.Keyword != keyword)
        {
            throw _tokens.Malformed($"stands where '{keyword}' does");
        }

        _tokens.Next();
    }
}
