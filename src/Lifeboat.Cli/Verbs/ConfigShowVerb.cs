using System.CommandLine;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat config show</c>: every setting, with where its value comes from.</summary>
internal sealed class ConfigShowVerb : Verb
{
    private readonly Argument<string> _file = ConfigVerb.File();

    public ConfigShowVerb()
        : base("show", "show every setting with its value, where that comes from, and what it means")
    {
        CommonOptions.RefuseEmptyPaths(_file);
        Arguments.Add(_file);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Prints each setting: its value, the number of the line that says so or default, and what it means. A file with errors is
            not shown, because what it would come to is not known; lifeboat config check says more of it. Where this machine has no
            settings, the defaults are shown.
            """,
        Examples =
        [
            new("lifeboat config show", "the settings of this machine"),
            new("lifeboat config show ./lifeboat.conf --json", "of another file, for machines"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "the settings are wrong; the errors say where")],
    };

    /// <summary>Shows a file's settings.</summary>
    public static ExitCode Show(string path, bool asJson, Terminal terminal)
    {
        bool isMissing = path == RamdiskLayout.Settings && !File.Exists(path);
        var file = SettingsFile.Read(isMissing ? "" : SettingsInput.Read(path), path);
        if (isMissing)
        {
            terminal.Note($"there is no {path} yet: these are the defaults; ramdisk build wants a file that names a target");
        }

        if (file.Errors.Count > 0)
        {
            throw new DiagnosticException([.. file.Errors.Select(error => error.Diagnostic)]);
        }

        var document = ConfigDocument.Show(file);
        if (asJson)
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            ConfigText.WriteSettings(document, terminal.Output);
        }

        return ExitCode.Success;
    }

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation) =>
        Show(arguments.GetRequiredValue(_file), arguments.GetValue(CommonOptions.Json), terminal);
}
