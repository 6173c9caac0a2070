using System.CommandLine;
using Lifeboat.Capture.Settings;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat config check</c>: tells of everything that is wrong or doubtful in a settings file.</summary>
internal sealed class ConfigCheckVerb : Verb
{
    private readonly Argument<string> _file = ConfigVerb.File();

    public ConfigCheckVerb()
        : base("check", "tell of everything that is wrong or doubtful in the settings, line by line")
    {
        CommonOptions.RefuseEmptyPaths(_file);
        Arguments.Add(_file);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Errors are lines that are not understood, directives of kdump.conf that would be missed and are not carried out, and what
            would lose the dump: no target, or a device that the capture kernel cannot have. Warnings are what may surprise: a name of a
            device that may change, a deadline that comes before the wait for the disk ends, actions that do not go together, directives
            of kdump.conf without which nothing is lost.

            Only the file is looked at, so that the settings of another machine can be checked here.
            """,
        Examples =
        [
            new("lifeboat config check", "the settings of this machine"),
            new("lifeboat config check ./lifeboat.conf", "another file"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "there are errors; warnings alone are no reason")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_file);
        var file = SettingsFile.Read(SettingsInput.Read(path), path);
        IReadOnlyList<SettingFinding> findings = SettingsCheck.Of(file);
        var document = ConfigDocument.Check(path, findings);
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            ConfigText.WriteFindings(document, terminal.Output, terminal.OutputPaint);
        }

        return findings.Any(finding => finding.IsError) ? ExitCode.BadInput : ExitCode.Success;
    }
}
