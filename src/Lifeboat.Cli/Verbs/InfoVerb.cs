using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat info DUMP...</c>: says what a dump is and what it has.</summary>
internal sealed class InfoVerb : Verb
{
    private readonly Argument<string[]> _dumps = new("DUMP...")
    {
        Description = "A dump, all parts of a split one in any order, /proc/kcore, or - for standard input; the format is found by content.",
        Arity = ArgumentArity.OneOrMore,
    };

    public InfoVerb()
        : base("info", "say what a dump is: its format, its kernel, its pages, what is missing")
    {
        CommonOptions.RefuseEmptyPaths(_dumps);
        Arguments.Add(_dumps);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Says what a dump is: the format, the level it was filtered at, the kernel and the machine, how much RAM there was, and
            what the dump has of its pages: present, zero (not stored one by one), left out by the level, truncated (they should
            be there and are not). What a dump should have and this one has not is named, with the keys of VMCOREINFO that a class
            of pages would need to be told apart.

            Only headers and tables are read, not the pages: lifeboat verify does that. What happened to the machine is for
            lifeboat inspect to say.

            """ + DumpInput.Description,
        Examples =
        [
            new("lifeboat info vmcore.kdump", "what this file is"),
            new("lifeboat info vmcore.1 vmcore.2 vmcore.3", "the parts of a split dump, as one"),
            new("lifeboat info /proc/kcore", "the memory of this machine as it runs"),
            new("lifeboat info -", "a dump out of a pipe that ends here"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "the file is no dump, or too damaged to open")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string[] files = arguments.GetRequiredValue(_dumps);
        using DumpSource dump = DumpInput.Open(files, temporaryFolder: null, cancellation);
        var info = InfoDocument.From(dump, files, cancellation);
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(info.ToJson());
        }
        else
        {
            InfoText.Write(info, terminal.Output);
        }

        return ExitCode.Success;
    }
}
