using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Symbols;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;
using Lifeboat.Vmcore.Writing.Estimating;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat estimate</c>: says how large a dump of this machine, or of a dump, would be at each level.</summary>
internal sealed class EstimateVerb : Verb
{
    private readonly Argument<string[]> _dumps = new("DUMP...")
    {
        Description = "A dump, all parts of a split one in any order, or - for standard input. Default: /proc/kcore, the memory of this machine as it runs.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _compress = new("--compress")
    {
        Description = "How pages would be packed: zstd, zlib, lzo, snappy or none. Default: zstd.",
        HelpName = "CODEC",
        DefaultValueFactory = _ => "zstd",
    };

    private readonly Option<bool> _allLevels = new("--all-levels")
    {
        Description = "Tell all 32 levels, not only 0, 1, 17, 23 and 31.",
    };

    public EstimateVerb()
        : base("estimate", "say how large a dump would be at each level, before a crash")
    {
        CommonOptions.RefuseEmptyPaths(_dumps);
        Arguments.Add(_dumps);
        foreach (Option option in (Option[])[_compress, _allLevels, CommonOptions.Json])
        {
            Options.Add(option);
        }

        _compress.AcceptOnlyFromAmong([.. DumpCompressionNames.All]);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Counts the pages of this machine by class, packs a sample of each class, and says how large a dump would be at the
            usual levels: its size, its share of RAM, and what the disk that takes it should have free. A level is a sum of what
            is left out: 1 zero pages, 2 page cache, 4 page cache with private data, 8 user pages, 16 free pages.

            Memory changes while it is counted and until a crash comes; the disk figure is a quarter more than the size for that.
            A machine that does more than now needs more: the largest figure holds any dump. What can be told apart is told as
            filter does; a class that cannot is counted as the kernel's, and a note says so.

            Reading the memory of a running machine takes root. Where standard error is a terminal, it shows how far the work has
            come.
            """,
        Examples =
        [
            new("lifeboat estimate", "this machine, now"),
            new("lifeboat estimate --compress lzo --all-levels", "all 32 levels, with another codec"),
            new("lifeboat estimate vmcore", "what filtering this dump would give"),
            new("lifeboat estimate --json", "for a script that sizes the disk"),
        ],
        Files = [new(LiveMemory.Path, "the memory of the running machine")],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the file is no dump"),
            new((int)ExitCode.Interrupted, "ended by Ctrl-C"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string[] files = arguments.GetValue(_dumps) is { Length: > 0 } given ? given : [LiveMemory.Path];
        _ = DumpCompressionNames.TryParse(arguments.GetValue(_compress), out DumpCompression compression);
        bool tellsAll = arguments.GetValue(_allLevels);
        EstimateDocument result = DumpProgressLine.Watch(
            terminal, line => Estimate(files, compression, tellsAll, line, cancellation));
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(result.ToJson());
        }
        else
        {
            EstimateText.Write(result, terminal.Output);
        }

        return ExitCode.Success;
    }

    private static EstimateDocument Estimate(
        string[] files, DumpCompression compression, bool tellsAll, IProgress<DumpProgress>? progress,
        CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        using DumpSource dump = Open(files, cancellation);
        var options = new DumpWriteOptions { Compression = compression, Layouts = BtfLayouts.Open };
        DumpEstimate estimate = DumpEstimator.Estimate(
            dump, options, isElf: false, TimeProvider.System, progress, cancellation);
        return EstimateDocument.From(
            estimate, dump, files, compression, level => tellsAll || DumpLevels.IsUsual(level),
            TimeProvider.System.GetElapsedTime(start));
    }

    private static DumpSource Open(string[] files, CancellationToken cancellation)
    {
        try
        {
            return DumpInput.Open(files, temporaryFolder: null, cancellation);
        }
        catch (KernelInterfaceException refusal) when (refusal.Path == LiveMemory.Path)
        {
            throw LiveMemory.Explain(refusal);
        }
    }
}
