using System.CommandLine;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat config</c>: the settings of a capture.</summary>
internal sealed class ConfigVerb : Verb
{
    public ConfigVerb()
        : base("config", "show, check or import the settings of a capture")
    {
        Options.Add(CommonOptions.Json);
        Subcommands.Add(new ConfigCheckVerb());
        Subcommands.Add(new ConfigImportVerb());
        Subcommands.Add(new ConfigShowVerb());
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            The settings say where a crash is saved, how, and what comes then. They are a directive a line, as in kdump.conf(5), whose
            directives keep their meaning; # begins a comment. Targets may be several: the next is tried when one fails, in the order of
            their lines. erase and options may be given more than once, too, every other directive once.

            lifeboat ramdisk build checks them and puts them into the ramdisk: a change counts once the ramdisk was built and armed again.
            Without a command this is lifeboat config show.
            """,
        Examples =
        [
            new("lifeboat config", "every setting with its value, and where that comes from"),
            new("lifeboat config check", "is the file right?"),
            new("lifeboat config import /etc/kdump.conf", "the settings of kdump as ours"),
        ],
        Settings = Settings(),
        Files = [new(RamdiskLayout.Settings, "the settings, on the host and in the ramdisk")],
        ExitCodes = [new((int)ExitCode.BadInput, "the settings are wrong; the errors say where")],
    };

    /// <summary>Which file: the host's own unless said.</summary>
    public static Argument<string> File() => new("FILE")
    {
        Description = $"The settings. Default: {RamdiskLayout.Settings}.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => RamdiskLayout.Settings,
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation) =>
        ConfigShowVerb.Show(RamdiskLayout.Settings, arguments.GetValue(CommonOptions.Json), terminal);

    private static List<ManualEntry> Settings()
    {
        var entries = new List<ManualEntry>();
        var others = new List<string>();
        foreach (SettingDirective directive in SettingDirectives.All)
        {
            if (directive.IsCarriedOut)
            {
                entries.Add(new ManualEntry(
                    directive.Name, $"{directive.Accepted}: {directive.Meaning}. Default: {directive.Default}."));
            }
            else
            {
                others.Add(directive.Name);
            }
        }

        entries.Add(new ManualEntry("known, and not carried out", string.Join(", ", others)));
        return entries;
    }
}
