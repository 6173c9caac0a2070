using System.CommandLine;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Capture.Targets;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat decode-console LOG</c>: takes log and report of a crash out of a serial console's log.</summary>
internal sealed class DecodeConsoleVerb : Verb
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Argument<string> _log = new("LOG")
    {
        Description = "What a console said, as a cloud or a service processor kept it, or - for standard input.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write the files into this folder, those of each block in a folder of their own, and print no report.",
        HelpName = "FOLDER",
    };

    public DecodeConsoleVerb()
        : base("decode-console", "take log and report of a crash out of a serial console's log")
    {
        CommonOptions.RefuseEmptyPaths(_log);
        Arguments.Add(_log);
        Options.Add(_output);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            When no target takes anything of a crash (no disk appears, it cannot be mounted, it is full), the capture kernel writes the
            end of the log, the report and the manifest to its console, as a block of short lines between markers. Clouds and
            service processors keep what a serial console says: this finds the blocks in it and turns them back.

            The log may be as it is: with times or names before each line, with colours, in JSON, with lines of the kernel in between or
            in the midst of a line. Every line has a checksum and a place. A line that is missing or damaged is made good when it is
            the only one of its part, a part being up to 8 KiB of a file; otherwise that part is lost, and the rest is not.
            The same block twice, each copy damaged, is one block.

            Of each block it prints which crash it is of, why nothing was saved elsewhere, the files with what was left out for
            want of room and what was lost, and the report. Where there is no report, the log. A log without any block is an error,
            exit status 1.
            """,
        Examples =
        [
            new("lifeboat decode-console console.log", "what blocks are in it, and the report"),
            new("lifeboat decode-console console.log -o crash", "write dmesg.txt, report.txt and the others"),
            new("lifeboat decode-console -", "out of a pipe, from virsh console or aws ec2 get-console-output --output text"),
        ],
        Files = [new("FOLDER/20260131T142233Z-web1-5e0c91aa/report.txt", "where -o puts a file: time, host and number of the block")],
        ExitCodes = [new((int)ExitCode.BadInput, "a block is damaged; what is left of it is given all the same")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_log);
        string? folder = arguments.GetValue(_output);
        ConsoleBlockLog log = Read(path);
        var blocks = new List<DecodedBlock>(log.Blocks.Count);
        bool isDamaged = false;
        foreach (ConsoleBlock block in log.Blocks)
        {
            blocks.Add(new DecodedBlock(block, Write(block, folder)));
            isDamaged |= block.IsDamaged;
        }

        var document = new DecodeConsoleDocument
        {
            Log = path,
            DamagedLines = log.DamagedLines,
            CutShort = log.IsCutShort,
            Blocks = blocks,
        };
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(document.ToJson());
        }
        else
        {
            DecodeConsoleText.Print(document, withText: folder is null, terminal);
        }

        if (log.IsCutShort)
        {
            terminal.Note($"{path} has more blocks than are believed of one log; what came after them was left aside");
        }

        if (log.DamagedLines > 0)
        {
            terminal.Note($"{log.DamagedLines} lines begin as a block's and cannot be read: cut off, changed or mixed with others");
        }

        if (blocks.Count == 0)
        {
            terminal.Error($"there is no block of a crash in {path}");
            return ExitCode.Failure;
        }

        return isDamaged || log.IsCutShort ? ExitCode.BadInput : ExitCode.Success;
    }

    private static ConsoleBlockLog Read(string path)
    {
        using Stream log = path == DumpInput.StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        return ConsoleBlockReader.Read(log);
    }

    private static List<DecodedFile> Write(ConsoleBlock block, string? folder)
    {
        var files = new List<DecodedFile>(block.Files.Count);
        string? target = folder is null ? null : Path.Combine(folder, FolderOf(block));
        if (target is not null)
        {
            // They hold what the machine knew, as a dump does.
            Directory.CreateDirectory(target, OwnerOnly);
        }

        foreach (ConsoleBlockFile file in block.Files)
        {
            string? path = target is null ? null : Path.Combine(target, file.Name);
            if (path is not null)
            {
                File.WriteAllBytes(path, file.Content.Span);
            }

            files.Add(new DecodedFile(file, path));
        }

        return files;
    }

    private static string FolderOf(ConsoleBlock block)
    {
        string host = block.Header.Host ?? "unknown";
        string name = (block.Header.CrashTime ?? block.Header.CaptureTime) is { } time ? DumpFolder.NameOf(time, host) : "unknown";
        return $"{name}-{block.Name}";
    }
}
