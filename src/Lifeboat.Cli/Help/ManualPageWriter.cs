using System.CommandLine;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Verbs;

namespace Lifeboat.Cli.Help;

/// <summary>Prints a command's help in the order of a man page: name, synopsis, description, options, the rest.</summary>
internal sealed class ManualPageWriter(TextWriter output, Paint paint)
{
    private const int Width = 100;
    private const int Indent = 4;

    public void Write(Command command, ManualPage page)
    {
        string path = string.Join(' ', command.Parents.OfType<Command>().Select(parent => parent.Name).Reverse().Append(command.Name));
        Section("NAME", () => Paragraph($"{path} - {command.Description}"));
        Section("SYNOPSIS", () => Paragraph(Synopsis(path, command)));
        Section("DESCRIPTION", () =>
        {
            foreach (string paragraph in page.Description.ReplaceLineEndings("\n").Split("\n\n"))
            {
                Paragraph(paragraph.Replace('\n', ' '));
            }
        });
        Pairs("COMMANDS", [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? ""))]);
        Pairs("ARGUMENTS", [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        Pairs("OPTIONS", [.. command.Options.Where(option => !option.Hidden).Select(option => (Spelling(option), option.Description ?? ""))]);
        Pairs("EXAMPLES", page.Examples);
        Pairs("FILES", page.Files);
        if (command is Verb)
        {
            Pairs("EXIT STATUS",
            [
                ("0", "done, and all is well"),
                ("1", "it could not be done; the error says why"),
                ("2", "the command line is wrong"),
                .. page.ExitCodes.Select(code => ($"{code.Code}", code.Meaning)),
            ]);
        }
    }

    private static string Synopsis(string path, Command command)
    {
        IEnumerable<string> arguments = command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name);
        string tail = command.Subcommands.Count > 0 ? "COMMAND" : string.Join(' ', arguments);
        return $"{path} {(command.Options.Count > 0 ? "[OPTIONS] " : "")}{tail}".TrimEnd();
    }

    private static string Spelling(Option option)
    {
        string names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        return option.ValueType == typeof(bool) || option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private void Section(string title, Action body)
    {
        output.WriteLine(paint.Strong(title));
        body();
    }

    private void Pairs(string title, IReadOnlyList<(string Term, string Meaning)> pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        Section(title, () =>
        {
            foreach ((string term, string meaning) in pairs)
            {
                output.WriteLine($"{new string(' ', Indent)}{paint.Strong(term)}");
                Wrapped(meaning, Indent * 2);
            }

            output.WriteLine();
        });
    }

    private void Paragraph(string text)
    {
        Wrapped(text, Indent);
        output.WriteLine();
    }

    private void Wrapped(string text, int indent)
    {
        int column = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                output.WriteLine();
                column = 0;
            }

            output.Write(column == 0 ? new string(' ', indent) : " ");
            output.Write(word);
            column = (column == 0 ? indent : column + 1) + word.Length;
        }

        output.WriteLine();
    }
}
