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
        string path = PathOf(command);
        Section("NAME", () => Paragraph($"{path} - {command.Description}"));
        Section("SYNOPSIS", () => Paragraph(Synopsis(path, command)));
        Section("DESCRIPTION", () =>
        {
            foreach (string paragraph in page.Description.ReplaceLineEndings("\n").Split("\n\n"))
            {
                Paragraph(paragraph.Replace('\n', ' '));
            }
        });
        Entries("COMMANDS", [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => new ManualEntry(sub.Name, sub.Description ?? ""))]);
        Entries("ARGUMENTS", [.. command.Arguments.Select(argument => new ManualEntry(argument.Name, argument.Description ?? ""))]);
        Entries("OPTIONS", [.. command.Options.Where(option => !option.Hidden).Select(option => new ManualEntry(Spelling(option), option.Description ?? ""))]);
        Entries("SETTINGS", page.Settings);
        Entries("EXAMPLES", page.Examples);
        Entries("FILES", page.Files);
        if (command is Verb)
        {
            Entries("EXIT STATUS",
            [
                new("0", "done, and all is well"),
                new("1", "it could not be done; the error says why"),
                new("2", "the command line is wrong"),
                .. page.ExitCodes,
            ]);
        }
    }

    /// <summary>A command as it is typed: <c>lifeboat drill</c>.</summary>
    public static string PathOf(Command command) => command is RootCommand
        ? LifeboatCommand.ProgramName
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static string Synopsis(string path, Command command)
    {
        IEnumerable<string> arguments = command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name);
        string tail = command.Subcommands.Count > 0 ? command is Verb ? "[COMMAND]" : "COMMAND" : string.Join(' ', arguments);
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

    private void Entries(string title, IReadOnlyList<ManualEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        Section(title, () =>
        {
            foreach ((string term, string meaning) in entries)
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
