using System.CommandLine;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Targets;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat fetch-raw DEVICE</c>: takes a crash off a disk without a filesystem.</summary>
internal sealed class FetchRawVerb : Verb
{
    private readonly Argument<string> _device = new("DEVICE")
    {
        Description = "The disk or partition, /dev/... or PARTUUID=..., or a file that has a crash stream.",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The folder of all dumps; this one's folder is made in it. Must be given.",
        HelpName = "FOLDER",
        Required = true,
    };

    private readonly Option<bool> _clear = new("--clear")
    {
        Description = "Afterwards mark the device as empty, if everything that is on it was taken off.",
    };

    private readonly Option<bool> _asIs = new("--as-is")
    {
        Description = "Leave the dump flattened, as it is on the device.",
    };

    public FetchRawVerb()
        : base("fetch-raw", "take a crash off a disk or partition without a filesystem")
    {
        CommonOptions.RefuseEmptyPaths(_device);
        Arguments.Add(_device);
        foreach (Option option in (Option[])[_output, _clear, _asIs, CommonOptions.Json])
        {
            Options.Add(option);
        }
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            With raw /dev/... in the settings a crash is written to a disk or partition as it is, without a filesystem. This reads it, checks
            each file's SHA-256, and lays the files into a folder named after the time and the host, as a capture to a filesystem
            does. The dump, which is flattened on the device, becomes vmcore.kdump on the way, and the manifest has its new name, size
            and hash; lifeboat verify checks it.

            The device keeps the crash until the next one takes its place: a raw target holds the last crash only. --clear marks it as
            empty.

            When the machine lost power while it wrote, or the device was full, what is there is taken off, the folder's name ends in
            .incomplete, and the manifest says what is not whole. A file that command=cat of an ssh target left is read in the same way.
            """,
        Examples =
        [
            new("lifeboat fetch-raw /dev/sdb1 -o /var/crash", "take the crash off, after the reboot"),
            new("lifeboat fetch-raw PARTUUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11 -o /var/crash --clear", "and mark the partition as empty"),
            new("lifeboat fetch-raw 20260131T142233Z-web1.crash -o .", "open what came through ssh and cat"),
        ],
        Files = [new("FOLDER/20260131T142233Z-web1/vmcore.kdump", "the dump, named after time and host")],
        ExitCodes = [new((int)ExitCode.BadInput, "there is no crash on it, or not all of it is whole; what there is was taken off")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string device = arguments.GetRequiredValue(_device);
        string path = device.StartsWith("PARTUUID=", StringComparison.Ordinal)
            ? new RawDeviceFinder(TimeProvider.System).Find(device) ?? throw new IOException($"there is no {device} on this machine")
            : device;
        FetchRawDocument document = Fetch(path, arguments, terminal, cancellation);
        if (arguments.GetValue(_clear))
        {
            if (document.HasAllThereIs)
            {
                Clear(path);
            }
            else
            {
                terminal.Note($"{path} is not cleared: not all that is on it could be stored");
            }
        }

        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            Print(document, terminal);
        }

        return document.Complete ? ExitCode.Success : ExitCode.BadInput;
    }

    private FetchRawDocument Fetch(string path, ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        using var device = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20);
        var reader = CrashStreamReader.Open(device, path);
        var folder = DumpFolder.Create(arguments.GetRequiredValue(_output), reader.Header.Time, reader.Header.Host);
        var line = new ByteProgressLine(terminal, "fetching", 0, TimeProvider.System);
        var unpacker = new CrashUnpacker(folder, new UnpackOptions { Rearrange = !arguments.GetValue(_asIs) })
        {
            Progress = bytes => line.Report((ulong)bytes),
        };
        bool isComplete;
        try
        {
            isComplete = unpacker.Run(reader, cancellation);
        }
        finally
        {
            line.Clear();
        }

        string? problem = isComplete ? null : ProblemOf(reader, unpacker);
        if (problem is not null)
        {
            unpacker.MarkIncomplete(problem);
        }

        folder.Publish(isComplete);
        return new FetchRawDocument(path, folder.Path, reader, unpacker.Files) { Complete = isComplete, Problem = problem };
    }

    private static string ProblemOf(CrashStreamReader reader, CrashUnpacker unpacker)
    {
        foreach (UnpackedFile file in unpacker.Files)
        {
            if (file.Problem is not null)
            {
                return $"{file.StoredAs}: {file.Problem}";
            }
        }

        return reader.Problem is { } problem ? problem.ToString() : "the crashed machine could not save everything";
    }

    private static void Clear(string path)
    {
        using var device = OutputFile.OpenDevice(path);
        device.WriteAt(new FileOffset(0), new byte[4096]);
        device.Sync();
    }

    private static void Print(FetchRawDocument document, Terminal terminal)
    {
        foreach (FetchedFile file in document.Files)
        {
            terminal.Output.WriteLine($"{file.Name}: {new ByteCount((ulong)file.Bytes)}{(file.Problem is null ? "" : $", NOT WHOLE ({file.Problem})")}");
        }

        terminal.Output.WriteLine(document.Folder);
        if (document.Problem is not null)
        {
            terminal.Error(document.Problem);
        }
    }
}
