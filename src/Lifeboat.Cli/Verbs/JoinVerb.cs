using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Split;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat join PARTS... OUT</c>: makes one file of the parts of a split dump, or of a flattened one.</summary>
internal sealed class JoinVerb : Verb
{
    // One argument: the parser gives every word to the first that takes several.
    private readonly Argument<string[]> _files = new("PARTS... OUT")
    {
        Description = "The parts in any order, or one flattened dump, - for standard input; and last the file to write.",
        Arity = new ArgumentArity(2, 1025),
    };

    private readonly Option<bool> _force = CommonOptions.Force();

    public JoinVerb()
        : base("join", "make one file of the parts of a split dump, or of a flattened one")
    {
        CommonOptions.RefuseEmptyPaths(_files);
        Arguments.Add(_files);
        Options.Add(_force);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Makes one kdump-compressed file of the parts that lifeboat filter --split or makedumpfile --split wrote. Pages are
            copied packed as they are. The parts stay; a split dump can also be opened without joining it, by naming all parts.

            Of a flattened dump it makes the file that the dump stands for, as makedumpfile -R does: its bytes are put to their
            places as they are, and nothing is unpacked. Every command here reads flattened dumps as they are; other tools do not.

            Where a part is missing or incomplete, the file is written all the same with what there is, says that it is
            incomplete, and the exit code is 4.
            """,
        Examples =
        [
            new("lifeboat join vmcore.1 vmcore.2 vmcore.3 vmcore", "one file of three parts"),
            new("lifeboat join vmcore.flat vmcore", "the file that a flattened dump stands for"),
            new("lifeboat join - vmcore", "the same of a flattened dump out of a pipe that ends here"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the files are not parts of one dump, or one is damaged, incomplete or missing"),
            new((int)ExitCode.KernelRefused, "the file could not be written"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string[] files = arguments.GetRequiredValue(_files);
        (string[] parts, string output) = (files[..^1], files[^1]);
        DumpFiles.ClearForWriting(output, parts, arguments.GetValue(_force));
        SplitJoinResult result = DumpProgressLine.Watch(terminal, line => Join(parts, output, line, cancellation));
        var document = JoinDocument.From(result, parts, output);
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            terminal.Output.WriteLine(
                $"{output}: {new ByteCount(document.FileBytes)}{(parts.Length == 1 ? "" : $" of {parts.Length} parts")}"
                + (document.Incomplete ? ", INCOMPLETE" : ""));
            foreach (string notice in document.Notices)
            {
                terminal.Note(notice);
            }
        }

        return document.Incomplete ? ExitCode.BadInput : ExitCode.Success;
    }

    private static SplitJoinResult Join(
        string[] parts, string output, IProgress<DumpProgress>? progress, CancellationToken cancellation)
    {
        if (parts is [DumpInput.StandardInput])
        {
            using Stream stream = Console.OpenStandardInput();
            return Rearranged(FlattenedDump.Rearrange(stream, output, progress: progress, cancellationToken: cancellation));
        }

        if (parts is [string file] && FlattenedDump.IsFlattened(file))
        {
            using FileStream stream = File.OpenRead(file);
            return Rearranged(FlattenedDump.Rearrange(stream, output, progress: progress, cancellationToken: cancellation));
        }

        return SplitDump.Join(parts, output, progress: progress, cancellationToken: cancellation);
    }

    private static SplitJoinResult Rearranged(ByteCount length) => new(length, IsIncomplete: false, []);
}
