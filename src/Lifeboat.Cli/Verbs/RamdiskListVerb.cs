using System.CommandLine;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat ramdisk list</c>: what is in a capture ramdisk.</summary>
internal sealed class RamdiskListVerb : Verb
{
    private readonly Argument<string> _file = RamdiskVerb.File();

    public RamdiskListVerb()
        : base("list", "show what is in a ramdisk: files, modules in load order, settings")
    {
        CommonOptions.RefuseEmptyPaths(_file);
        Arguments.Add(_file);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Shows the kernel that the modules are for, the modules in the order they are loaded in, the settings, and every file with
            its size before compression.
            """,
        Examples = [new("lifeboat ramdisk list capture.img", "what is in it?")],
        ExitCodes = [new((int)ExitCode.BadInput, "the file is damaged, or no ramdisk that lifeboat has built")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        RamdiskContents contents = RamdiskVerb.Read(arguments.GetRequiredValue(_file), out int length);
        var document = RamdiskListDocument.From(contents, length);
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            document.Write(terminal.Output);
        }

        return ExitCode.Success;
    }
}
