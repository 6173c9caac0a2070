using Lifeboat.Cli.Output;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Writing;
using Lifeboat.Vmcore.Writing.Estimating;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Cli.Verbs;

/// <summary>What to read, what to write and where: a call of one of the writers.</summary>
internal sealed record FilterRequest
{
    public const string Kdump = "kdump";
    public const string Elf = "elf";
    public const string Flattened = "flattened";
    public const string StandardOutput = "-";

    private const int BufferSize = 1 << 20;
    private const int StandardOutputNumber = 1;

    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The file to write; empty in a dry run that names none.</summary>
    public required string Output { get; init; }

    public required string Format { get; init; }

    public required int Parts { get; init; }

    public required bool MayOverwrite { get; init; }

    public required DumpWriteOptions Options { get; init; }

    /// <summary>What to overwrite.</summary>
    public IReadOnlyList<EraseDirective> Erase { get; init; } = [];

    public bool IsToStandardOutput => Output == StandardOutput;

    /// <summary>The files to write.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            var files = new List<string>(Parts);
            for (int part = 1; part <= Parts; part++)
            {
                files.Add(Parts == 1 ? Output : $"{Output}.{part}");
            }

            return files;
        }
    }

    /// <summary>Writes the dump.</summary>
    public FilterDocument Run(IProgress<DumpProgress>? progress, TimeProvider time, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        string? folder = IsToStandardOutput ? null : Path.GetDirectoryName(Path.GetFullPath(Output));
        using DumpSource dump = DumpInput.Open(Inputs, folder, cancellation);
        if (!IsToStandardOutput)
        {
            foreach (string file in Files)
            {
                DumpFiles.ClearForWriting(file, Inputs, MayOverwrite);
            }
        }

        DumpEraser? eraser = Erase.Count == 0 ? null : EraseSearch.In(dump, Erase, time, cancellation: cancellation).ToEraser();
        DumpWriteResult written = (this with { Options = Options with { Eraser = eraser } }).Write(dump, progress, cancellation);
        return new FilterDocument
        {
            Dump = Inputs[0],
            Dumps = Inputs,
            Files = Files,
            Format = Format,
            Compression = DumpCompressionNames.NameOf(Options.Compression),
            DumpLevel = (int)written.Level,
            DumpLevelAsked = (int)Options.Level,
            Incomplete = dump.IsIncomplete,
            FileBytes = written.FileSize.Value,
            Seconds = time.GetElapsedTime(start).TotalSeconds,
            Pages = written.Pages,
            Erased = eraser is null ? null : new ErasedDocument { Places = eraser.Ranges.Count, Bytes = eraser.Bytes.Value },
            Notices = [.. written.Notices.Select(notice => notice.ToString())],
        };
    }

    /// <summary>Writes nothing, and says what would be.</summary>
    public EstimateDocument Estimate(IProgress<DumpProgress>? progress, TimeProvider time, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        using DumpSource dump = DumpInput.Open(Inputs, temporaryFolder: null, cancellation);
        DumpEstimate estimate = DumpEstimator.Estimate(dump, Options, Format == Elf, time, progress, cancellation);
        return EstimateDocument.From(
            estimate, dump, Inputs, Options.Compression, IsTold, time.GetElapsedTime(start)) with
        {
            Filter = new EstimateOfFilter
            {
                Files = Output.Length == 0 ? [] : Files,
                Format = Format,
                DumpLevel = (int)Options.Level,
                FileBytes = estimate.Size.Value,
                MaxBytes = Options.MaxSize?.Value,
                Fits = Options.MaxSize is null ? null : Fits(estimate, Options.Level),
                RaisedTo = Options.MaxSize is null || Fits(estimate, Options.Level) ? null : FirstThatFits(estimate),
                Pages = estimate.Pages,
            },
        };

        bool IsTold(DumpLevel level) => DumpLevels.IsUsual(level) || level == Options.Level || IsAmong(level, Options.RaiseTo);
    }

    private static bool IsAmong(DumpLevel level, IReadOnlyList<DumpLevel> levels)
    {
        foreach (DumpLevel other in levels)
        {
            if (level == other)
            {
                return true;
            }
        }

        return false;
    }

    private int? FirstThatFits(DumpEstimate estimate)
    {
        foreach (DumpLevel level in Options.RaiseTo)
        {
            if (Fits(estimate, level))
            {
                return (int)level;
            }
        }

        return null;
    }

    // The pages are shared out evenly, and a limit is one of each file.
    private bool Fits(DumpEstimate estimate, DumpLevel level) =>
        estimate.SizeAt(level).Value / (ulong)Parts <= Options.MaxSize!.Value.Value;

    private DumpWriteResult Write(DumpSource dump, IProgress<DumpProgress>? progress, CancellationToken cancellation)
    {
        switch (Format)
        {
            case Elf:
                return ElfFileWriter.Write(dump, Output, Options, progress, cancellation);
            case Flattened:
                using (FileStream stream = IsToStandardOutput ? OpenStandardOutput() : Create(Output))
                {
                    DumpWriteResult result = KdumpFileWriter.WriteFlattened(dump, stream, Options, progress, cancellation);
                    stream.Flush(flushToDisk: true);
                    return result;
                }

            default:
                return Parts > 1
                    ? KdumpFileWriter.WriteSplit(dump, Files, Options, progress, cancellation)
                    : KdumpFileWriter.Write(dump, Output, Options, progress, cancellation);
        }
    }

    // Not the console's stream: that one says nothing when whoever reads the pipe has gone.
    private static FileStream OpenStandardOutput() =>
        new(new SafeFileHandle(StandardOutputNumber, ownsHandle: false), FileAccess.Write, BufferSize);

    // Readable by its owner only: a dump holds everything the machine knew.
    private static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        BufferSize = BufferSize,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
