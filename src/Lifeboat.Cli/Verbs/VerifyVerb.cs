using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat verify DUMP...</c>: reads every page of a dump and compares it with its manifest.</summary>
internal sealed class VerifyVerb : Verb
{
    private readonly Argument<string[]> _dumps = new("DUMP...")
    {
        Description = "A dump, all parts of a split one in any order, or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    public VerifyVerb()
        : base("verify", "read every page of a dump and compare it with its manifest")
    {
        CommonOptions.RefuseEmptyPaths(_dumps);
        Arguments.Add(_dumps);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Reads and unpacks every page that a dump says it has, and counts those that cannot be read. Of a kdump-compressed file
            the header's counts, the two bitmaps and the table of pages are held against each other: every page has one entry,
            every entry a place of its own, in order; of a split dump all parts have the same bitmaps. Where a manifest.json lies
            beside the dump and names it, as after every capture, the file's size and SHA-256 are compared with it.

            A dump is sound when nothing at all is wrong: all pages read, it was written to its end, its headers promise nothing
            that it has not, its parts agree, and the manifest does. Where standard error is a terminal, it shows how far the work has come.

            """ + DumpInput.Description,
        Examples =
        [
            new("lifeboat verify vmcore.kdump", "is this dump sound?"),
            new("lifeboat verify --json vmcore.1 vmcore.2", "the parts of a split dump, as one JSON document"),
        ],
        Files = [new("manifest.json", "beside the dump: what the capture says it saved")],
        ExitCodes = [new((int)ExitCode.BadInput, "something is wrong with the dump, or it cannot be opened")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        VerifyDocument result = DumpProgressLine.Watch(
            terminal, line => DumpVerification.Run(arguments.GetRequiredValue(_dumps), line, cancellation));
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(result.ToJson());
        }
        else
        {
            Print(result, terminal);
        }

        return result.Sound ? ExitCode.Success : ExitCode.BadInput;
    }

    private static void Print(VerifyDocument result, Terminal terminal)
    {
        Paint paint = terminal.OutputPaint;
        terminal.Output.WriteLine(
            $"{string.Join(' ', result.Dumps)}: {(result.Sound ? paint.Good("sound") : paint.Bad("DAMAGED"))}");
        terminal.Output.WriteLine($"  pages     {result.PagesRead} read and unpacked, {result.Faults} faults");
        foreach (string file in result.InManifest)
        {
            terminal.Output.WriteLine($"  manifest  {file}: size and SHA-256 compared");
        }

        foreach (string wrong in result.Wrong)
        {
            terminal.Output.WriteLine($"  wrong     {PlainText.Printable(wrong)}");
        }

        foreach (string notice in result.Notices)
        {
            terminal.Output.WriteLine($"  note: {PlainText.Printable(notice)}");
        }
    }
}
