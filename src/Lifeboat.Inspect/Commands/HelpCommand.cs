using Lifeboat.Inspect.Tables;

namespace Lifeboat.Inspect.Commands;

/// <summary><c>help</c>: the commands, and how each is called.</summary>
internal sealed class HelpCommand : InspectCommand
{
    public override string Name => "help";

    public override string Summary => "the commands, and how each is called";

    public override string Usage =>
        """
        help [COMMAND]

          COMMAND   how this one is called; without it, all commands are listed
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments switch
        {
            [] => [List()],
            [{ } name] => [UsageOf(name)],
            _ => throw new CommandException("help takes one command's name, or nothing"),
        };
    }

    private static Table List()
    {
        var table = new Table(
            "commands",
            new Column("COMMAND", "command", ColumnKind.Text),
            new Column("SHOWS", "summary", ColumnKind.Text));
        foreach (InspectCommand command in InspectCommands.All)
        {
            table.Add(Cell.Text(command.Name), Cell.Text(command.Summary));
        }

        return table;
    }

    private static Table UsageOf(string name)
    {
        if (!InspectCommands.TryFind(name, out InspectCommand? command))
        {
            throw new CommandException($"there is no command {name}: help lists them");
        }

        var table = new Table("usage", new Column("", "line", ColumnKind.Text));
        foreach (string line in command.Usage.Split('\n'))
        {
            table.Add(Cell.Text(line));
        }

        return table;
    }
}
