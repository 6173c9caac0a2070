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
        Description = "A dump, all parts of a split one in any order, the folder of a crash, or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _redaction = new("--redaction")
    {
        Description = "Prove that what was to be erased is not there: the kernel's keys, or what --erase names.",
    };

    private readonly EraseOptions _erase = new("With --redaction: this was to be erased, instead of keys.");

    private readonly Option<string[]> _secret = new("--secret")
    {
        Description = "With --redaction: look through all of the dump for the bytes of this file, of which there are 8 to 4096; may be given several times.",
        HelpName = "FILE",
    };

    public VerifyVerb()
        : base("verify", "read every page of a dump and compare it with its manifest")
    {
        CommonOptions.RefuseEmptyPaths(_dumps);
        Arguments.Add(_dumps);
        Options.Add(_redaction);
        _erase.AddTo(this);
        Options.Add(_secret);
        Options.Add(CommonOptions.Json);
        Validators.Add(result =>
        {
            if (result.GetResult(_redaction) is null or { Implicit: true } && (_erase.IsGiven(result) || result.GetResult(_secret) is { Implicit: false }))
            {
                result.AddError("--erase, --erase-file and --secret go with --redaction");
            }
        });
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Reads and unpacks every page that a dump says it has, and counts those that cannot be read. Of a kdump-compressed file
            the header's counts, the two bitmaps and the table of pages are held against each other: every page has one entry,
            every entry a place of its own, in order; of a split dump all parts have the same bitmaps. Where a manifest.json lies
            beside the dump and names it, as after every capture, the file's size and SHA-256 are compared with it.

            Of a crash's folder every file is compared with the manifest there, and the dump is read. Of one that is sealed nothing can be read;
            that every file is as it was stored is told all the same.

            A dump is sound when nothing at all is wrong: all pages read, it was written to its end, its headers promise nothing
            that it has not, its parts agree, and the manifest does. Where standard error is a terminal, it shows how far the work has come.

            With --redaction the dump has also to be without what filter or capture erased. The places that the dump names are looked at, and
            those that are found anew by the structures that lead to them, which stay in the dump: all have to hold the fill pattern or lie in pages
            that were left out, and all that are found have to be named. What cannot be looked for is not proven, and that counts as wrong.
            --secret looks for bytes wherever they may be.
            """ + "\n\n" + EraseOptions.Description + "\n\n" + DumpInput.Description,
        Examples =
        [
            new("lifeboat verify vmcore.kdump", "is this dump sound?"),
            new("lifeboat verify /var/crash/20260131T142233Z-web1", "is this crash whole, all of its files?"),
            new("lifeboat verify --redaction vmcore.kdump", "are the kernel's keys gone?"),
            new("lifeboat verify --redaction --secret disk.key vmcore.kdump", "and the bytes of this key, wherever they may be?"),
            new("lifeboat verify --json vmcore.1 vmcore.2", "the parts of a split dump, as one JSON document"),
        ],
        Files = [new("manifest.json", "beside the dump: what the capture says it saved")],
        ExitCodes = [new((int)ExitCode.BadInput, "something is wrong with the dump, its redaction is not proven, or it cannot be opened")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        RedactionRequest? redaction = !arguments.GetValue(_redaction) ? null : new RedactionRequest
        {
            Directives = _erase.ReadOrKeys(arguments),
            SecretFiles = arguments.GetValue(_secret) ?? [],
        };
        VerifyDocument result = DumpProgressLine.Watch(
            terminal, line => DumpVerification.Run(arguments.GetRequiredValue(_dumps), redaction, line, cancellation));
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
            $"{string.Join(' ', result.Dumps)}: {(result.Sound ? paint.Good("sound") : paint.Bad(result.Redaction is { Proven: false } ? "NOT REDACTED" : "DAMAGED"))}");
        terminal.Output.WriteLine(
            result.PagesRead + result.Faults == 0 ? "  pages     none read: no dump that can be opened here"
            : $"  pages     {result.PagesRead} read and unpacked, {result.Faults} faults");
        foreach (string file in result.InManifest)
        {
            terminal.Output.WriteLine($"  manifest  {file}: size and SHA-256 compared");
        }

        if (result.Redaction is { } redaction)
        {
            terminal.Output.WriteLine(
                $"  redaction {(redaction.Proven ? "proven" : "NOT PROVEN")}: {redaction.Said} places named, {redaction.Found} found anew, "
                + $"{redaction.LeftOut} of them left out, {redaction.Bytes} bytes"
                + (redaction.Secrets.Count == 0 ? "" : $"; {redaction.Secrets.Count} secrets looked for"));
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
