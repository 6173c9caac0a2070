using System.CommandLine;
using System.CommandLine.Parsing;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat filter IN OUT</c>: writes a dump anew, with fewer pages, packed otherwise, in another format.</summary>
internal sealed class FilterVerb : Verb
{
    private const string Stop = "stop";
    private const string Raise = "raise";

    // One argument: the parser gives every word to the first that takes several.
    private readonly Argument<string[]> _files = new("IN... OUT")
    {
        Description = "The dump to read, of any format, in a capture kernel /proc/vmcore; all parts of a split one in any order; or - for standard input. Last the file to write; with --split its name gets .1, .2 and so on; with --format flattened, - is standard output. With --dry-run OUT may be left out: the last file is read too if it holds something.",
        Arity = new ArgumentArity(1, 1025),
    };

    private readonly Option<int> _level = new("--level")
    {
        Description = "The dump level: the sum of 1 zero pages, 2 page cache, 4 page cache with private data, 8 user pages, 16 free pages to leave out. Default: 31.",
        HelpName = "0-31",
        DefaultValueFactory = _ => (int)DumpLevel.All,
    };

    private readonly Option<string> _compress = new("--compress")
    {
        Description = "How pages are packed: zstd, zlib, lzo, snappy or none. Default: zstd, but none for ELF.",
        HelpName = "CODEC",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "What to write: kdump, a kdump-compressed file; elf, for gdb, never packed; flattened, a kdump-compressed file that can go through a pipe. Default: kdump.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => FilterRequest.Kdump,
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compress. Default: 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _split = new("--split")
    {
        Description = "Write N files, each with its share of the pages; lifeboat join makes one of them again. Default: 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<ByteCount?> _maxSize = CommonOptions.Size(
        "--max-size", "The most that the file may have; with --split, each of them. Default: what the disk has.");

    private readonly Option<string> _onFull = new("--on-full")
    {
        Description = "What to do when the disk is full or --max-size is reached: stop, and keep what is there, which says that it is incomplete; raise, begin anew at the next higher level: without zero and free pages too, then without both caches too, then at 31 (a flattened dump begins at the first of these whose size, estimated, fits). Default: stop.",
        HelpName = "stop|raise",
        DefaultValueFactory = _ => Stop,
    };

    private readonly EraseOptions _erase = new("Overwrite this in what is written.");

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Write nothing: say how large the dump would be, at this level and the usual ones, with its pages by class.",
    };

    private readonly Option<bool> _force = CommonOptions.Force();

    public FilterVerb()
        : base("filter", "write a dump anew: fewer pages, another codec, another format")
    {
        Arguments.Add(_files);
        foreach (Option option in (Option[])
            [_level, _compress, _format, _threads, _split, _maxSize, _onFull, _dryRun, _force, CommonOptions.Json])
        {
            Options.Add(option);
        }

        _erase.AddTo(this);
        CommonOptions.RefuseEmptyPaths(_files);
        CommonOptions.AcceptRange(_level, 0, 31);
        CommonOptions.AcceptRange(_threads, 1, 64);
        CommonOptions.AcceptRange(_split, 1, KdumpFileWriter.MaxParts);
        _compress.AcceptOnlyFromAmong([.. DumpCompressionNames.All]);
        _format.AcceptOnlyFromAmong(FilterRequest.Kdump, FilterRequest.Elf, FilterRequest.Flattened);
        _onFull.AcceptOnlyFromAmong(Stop, Raise);
        Validators.Add(RefuseWhatDoesNotGoTogether);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Reads a dump of any format and writes it anew: with the pages that a level leaves out gone, packed with another codec,
            in another format, in one file or several. Which pages are of which class is decided from the dump alone: from VMCOREINFO,
            and where that lacks something from the types that the kernel describes in its own memory (BTF). Pages that the dump
            read does not have stay out.

            What is written says of itself that it is incomplete until all of it is on stable storage. When the writing is ended by
            Ctrl-C, or the disk is full, what is there stays, and says so; with --on-full raise, a dump that does not fit is begun
            anew at the next higher level until one does. --dry-run says beforehand what would fit: all pages are counted, a
            sample of them is packed. Where standard error is a terminal, it shows how far the work has come.

            A dump that comes through a pipe, as - for standard input, is first copied to a file without a name in the folder of
            OUT, or in TMPDIR (/var/tmp when that is not set) when OUT is standard output: there must be room for all of it.

            --erase overwrites secrets with the letter X while the pages are written, in every format, and the dump says which places those are
            (makedumpfile's eraseinfo). They are found in the dump that is read, by the kernel's own symbols and types. What cannot be
            found costs a note, not the dump; lifeboat verify --redaction says of what was written whether it is without them.
            """ + "\n\n" + EraseOptions.Description,
        Examples =
        [
            new("lifeboat filter vmcore vmcore.kdump", "leave out all that can be, pack with zstd"),
            new("lifeboat filter vmcore.kdump vmcore.elf --format elf --level 0", "an ELF core for gdb, with all pages there are"),
            new("lifeboat filter vmcore vmcore.kdump --split 4 --threads 2", "four files, vmcore.kdump.1 to vmcore.kdump.4"),
            new("lifeboat filter vmcore.1 vmcore.2 vmcore.kdump", "the parts of a split dump, as one file"),
            new("lifeboat filter vmcore --dry-run", "how large would it be?"),
            new("lifeboat filter vmcore vmcore.kdump --level 1 --max-size 2G --on-full raise", "as much as fits 2 GiB"),
            new("lifeboat filter vmcore vmcore.kdump --erase keys", "without the kernel's keys"),
            new("lifeboat filter - vmcore.kdump", "a dump out of a pipe that ends here"),
            new("lifeboat filter /proc/vmcore - --format flattened", "to standard output, for a pipe to another machine"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the file is no dump; or it is incomplete, and so is what was written of it"),
            new((int)ExitCode.KernelRefused, "the file could not be written: the disk is full or --max-size reached, for one"),
            new((int)ExitCode.Interrupted, "ended by Ctrl-C; what was written says that it is incomplete"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        FilterRequest request = RequestOf(arguments);
        if (arguments.GetValue(_dryRun))
        {
            return Estimate(request, arguments.GetValue(CommonOptions.Json), terminal, cancellation);
        }

        if (request.IsToStandardOutput && !Console.IsOutputRedirected)
        {
            terminal.Error("a dump is not for a terminal: send standard output to a file or a pipe");
            return ExitCode.Failure;
        }

        FilterDocument result;
        try
        {
            result = DumpProgressLine.Watch(terminal, line => request.Run(line, TimeProvider.System, cancellation));
        }
        catch (Exception refusal) when (FullOutput.Is(refusal))
        {
            FullOutput.Tell(refusal, request, terminal);
            return ExitCode.KernelRefused;
        }

        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(result.ToJson());
        }
        else
        {
            FilterText.Write(result, request.IsToStandardOutput ? terminal.Messages : terminal.Output);
        }

        return result.Incomplete ? ExitCode.BadInput : ExitCode.Success;
    }

    private static ExitCode Estimate(
        FilterRequest request, bool asJson, Terminal terminal, CancellationToken cancellation)
    {
        EstimateDocument result = DumpProgressLine.Watch(
            terminal, line => request.Estimate(line, TimeProvider.System, cancellation));
        if (asJson)
        {
            terminal.Output.WriteLine(result.ToJson());
        }
        else
        {
            EstimateText.Write(result, terminal.Output);
        }

        return ExitCode.Success;
    }

    private FilterRequest RequestOf(ParseResult arguments)
    {
        string format = arguments.GetRequiredValue(_format);
        string codec = arguments.GetValue(_compress) ?? (format == FilterRequest.Elf ? "none" : "zstd");
        _ = DumpCompressionNames.TryParse(codec, out DumpCompression compression);
        string[] files = arguments.GetRequiredValue(_files);
        var level = (DumpLevel)arguments.GetValue(_level);
        bool hasOutput = !arguments.GetValue(_dryRun) || (files.Length > 1 && !HoldsSomething(files[^1]));
        return new FilterRequest
        {
            Inputs = hasOutput ? files[..^1] : files,
            Output = hasOutput ? files[^1] : "",
            Format = format,
            Parts = arguments.GetValue(_split),
            MayOverwrite = arguments.GetValue(_force),
            Erase = _erase.Read(arguments),
            Options = new DumpWriteOptions
            {
                Level = level,
                Compression = compression,
                Threads = arguments.GetValue(_threads),
                MaxSize = arguments.GetValue(_maxSize),
                RaiseTo = arguments.GetValue(_onFull) == Raise ? DumpLevels.Above(level) : [],
                Layouts = BtfLayouts.Open,
            },
        };
    }

    private static bool HoldsSomething(string file) => new FileInfo(file) is { Exists: true, Length: > 0 };

    private void RefuseWhatDoesNotGoTogether(CommandResult result)
    {
        string format = Given(result.GetResult(_format)) ?? FilterRequest.Kdump;
        ArgumentResult? files = result.GetResult(_files);
        bool isDryRun = result.GetResult(_dryRun) is { Implicit: false };
        if (!isDryRun && files?.Tokens.Count == 1)
        {
            result.AddError("name the file to write too: IN... OUT (only --dry-run needs none)");
        }

        bool isToStandardOutput = !isDryRun && Given(files) == FilterRequest.StandardOutput;
        if (isToStandardOutput && format != FilterRequest.Flattened)
        {
            result.AddError("standard output takes --format flattened only: the others are not written in order");
        }

        if (isToStandardOutput && result.GetResult(CommonOptions.Json) is { Implicit: false })
        {
            result.AddError("--json and the dump cannot both go to standard output");
        }

        if (format != FilterRequest.Kdump && Given(result.GetResult(_split)) is not (null or "1"))
        {
            result.AddError("--split takes --format kdump only");
        }

        if (format == FilterRequest.Elf && Given(result.GetResult(_compress)) is not (null or "none"))
        {
            result.AddError("the pages of an ELF dump are never packed: leave out --compress");
        }
    }

    // The words as they were typed: whether each is one that is taken is not yet known here.
    private static string? Given(SymbolResult? result) => result?.Tokens is [.., Token token] ? token.Value : null;
}
