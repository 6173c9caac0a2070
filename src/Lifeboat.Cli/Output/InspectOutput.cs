using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;

namespace Lifeboat.Cli.Output;

/// <summary>Runs commands over a crashed kernel and prints what they found.</summary>
/// <param name="output">Takes what was found.</param>
/// <param name="terminal">Takes what is told besides.</param>
/// <param name="json">Whether it is printed as JSON.</param>
internal sealed class InspectOutput(TextWriter output, Terminal terminal, bool json)
{
    private const string Log = "log";

    /// <summary>Runs a command: its name and its arguments.</summary>
    /// <returns>False when it found nothing because the dump lacks symbols or types.</returns>
    /// <exception cref="CommandException">There is no such command, or its arguments make no sense.</exception>
    public bool Run(IReadOnlyList<string> words, InspectSession session)
    {
        // The whole log has a document of its own.
        if (words is [Log])
        {
            PrintLog(KernelLog.Read(session.Dump));
            return true;
        }

        if (!InspectCommands.TryFind(words[0], out InspectCommand? command))
        {
            throw new CommandException($"there is no command {words[0]}: help lists them");
        }

        IReadOnlyList<Table> tables = InspectCommands.Run(command, session, [.. words.Skip(1)]);
        if (json)
        {
            output.WriteLine(TableJson.Write(command.Name, tables));
        }

        int rows = 0;
        foreach (Table table in tables)
        {
            rows += table.Rows.Count;
            if (!json)
            {
                TableText.Write(table, output);
            }
        }

        return rows > 0 || session.Diagnostics.Count == 0;
    }

    private void PrintLog(KernelLog log)
    {
        if (json)
        {
            output.WriteLine(LogDocument.From(log).ToJson());
            return;
        }

        foreach (LogRecord record in log.Records)
        {
            output.WriteLine(record.ToDmesgText());
        }

        foreach (Diagnostic diagnostic in log.Diagnostics)
        {
            terminal.Note(diagnostic.ToString());
        }
    }
}
