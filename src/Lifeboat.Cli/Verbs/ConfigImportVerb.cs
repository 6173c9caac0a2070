using System.CommandLine;
using System.Globalization;
using Lifeboat.Capture.Settings.Import;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat config import</c>: makes settings of another program's.</summary>
internal sealed class ConfigImportVerb : Verb
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "kdump.conf of Fedora and RHEL, Debian's /etc/default/kdump-tools or SUSE's /etc/sysconfig/kdump; found by content.",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Whose settings they are, kdump, debian or suse, where the content does not tell.",
        HelpName = "KIND",
    };

    public ConfigImportVerb()
        : base("import", "make settings of kdump.conf, Debian's kdump-tools or SUSE's kdump, and say what is lost")
    {
        CommonOptions.RefuseEmptyPaths(_file);
        Arguments.Add(_file);
        Options.Add(_from);
        Options.Add(CommonOptions.Json);
        _from.AcceptOnlyFromAmong("kdump", "debian", "suse");
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Prints a settings file. What could not be carried over stands in its comments with the reason, and is told on standard
            error: a target of another kind, mail, a shell's command. Check what comes out with lifeboat config check before it is used.

            A file that a shell reads is read without one: quotes, escapes and comments are understood, nothing is run or expanded.
            What would need a shell, such as $(...) or an assignment in an if, is refused by name. Passwords are not printed.
            """,
        Examples =
        [
            new("lifeboat config import /etc/kdump.conf", "print the settings of kdump as ours"),
            new("lifeboat config import /etc/sysconfig/kdump --from suse", "where the content alone does not tell"),
        ],
        Files =
        [
            new("/etc/kdump.conf", "kdump.conf of Fedora and RHEL"),
            new("/etc/default/kdump-tools", "Debian's and Ubuntu's"),
            new("/etc/sysconfig/kdump", "SUSE's; Red Hat's file of this name has nothing for a capture"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "nothing tells whose settings these are")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_file);
        ImportedSettings imported = SettingsImport.Read(SettingsInput.ReadForeign(path), path, SourceOf(arguments.GetValue(_from)));
        int lost = 0;
        foreach (ImportNote note in imported.Notes)
        {
            if (note.IsLoss)
            {
                lost++;
                string place = note.Line == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}:{note.Line}");
                terminal.Note($"{place}: not carried over: {note.Text}: {note.Reason}");
            }
        }

        terminal.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{path} ({imported.SourceName}): settings carried over: {imported.Lines.Count}, not carried over: {lost}"));
        terminal.Output.Write(arguments.GetValue(CommonOptions.Json)
            ? ConfigDocument.Import(path, imported).ToJson() + '\n'
            : imported.ToText());
        return ExitCode.Success;
    }

    private static SettingsSource? SourceOf(string? name) => name switch
    {
        "kdump" => SettingsSource.KdumpConf,
        "debian" => SettingsSource.DebianKdumpTools,
        "suse" => SettingsSource.SuseKdump,
        _ => null,
    };
}
