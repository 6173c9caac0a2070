using System.CommandLine;
using Lifeboat.Capture.Receiving;
using Lifeboat.Capture.Streams;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat receive FOLDER</c>: takes a crash that another machine sends through ssh.</summary>
internal sealed class ReceiveVerb : Verb
{
    private const int StandardInput = 0;
    private static readonly ByteCount DefaultKeepFree = new(1UL << 30);
    private static readonly ByteCount DefaultMaxSize = new(1UL << 40);

    private readonly Argument<string> _folder = new("FOLDER")
    {
        Description = "The folder of all dumps; each crash gets one of its own in it.",
    };

    private readonly Option<ByteCount?> _maxSize = CommonOptions.Size(
        "--max-size", "The most that one crash may send. Default: 1024G.");

    private readonly Option<ByteCount?> _keepFree = CommonOptions.Size(
        "--keep-free", "Take no more of a dump once only this is left on the filesystem. Default: 1G.");

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "Give up when nothing comes for this long. Default: 600.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 600,
    };

    private readonly Option<bool> _asIs = new("--as-is")
    {
        Description = "Leave the dump flattened, as it comes.",
    };

    public ReceiveVerb()
        : base("receive", "take a crash that another machine sends through ssh")
    {
        CommonOptions.RefuseEmptyPaths(_folder);
        Arguments.Add(_folder);
        foreach (Option option in (Option[])[_maxSize, _keepFree, _timeout, _asIs])
        {
            Options.Add(option);
        }

        CommonOptions.AcceptRange(_timeout, 1, 86_400);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            The far side of a target ssh user@host command=receive. It reads the crash from standard input, makes each file durable, and
            answers with its name, size and SHA-256; the crashed machine goes on with the next one only then. The dump becomes
            vmcore.kdump as it comes. The folder's name ends in .partial until everything is there, and in .incomplete when something
            is missing.

            It is meant to be the only thing that a key may do. In authorized_keys of a user who can do nothing else, one line for
            each machine, or one for all:

              command="lifeboat receive /var/crash",restrict ssh-ed25519 AAAA... web1

            What comes is not trusted: a file has a plain name and lies in a new folder named after time and host, crashes that are there
            are never touched, sizes and the room that remains are limited. Numbers of old crashes are not: rotate them as logs are.

            When the connection is cut the machine connects again and goes on in the same folder with the next file. What was cut stays
            in the folder as far as it came.
            """,
        Examples =
        [
            new("lifeboat receive /var/crash", "what authorized_keys says"),
            new("lifeboat receive /var/crash --keep-free 20G --max-size 100G", "on a machine with other work"),
        ],
        Files = [new("FOLDER/20260131T142233Z-web1/manifest.json", "what was saved, and how")],
        ExitCodes = [new((int)ExitCode.BadInput, "what came is no crash, or not all of it is whole")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (!Console.IsInputRedirected)
        {
            terminal.Error("receive reads what another machine sends, and standard input is a terminal");
            return ExitCode.Usage;
        }

        using Stream answers = Console.OpenStandardOutput();
        var session = new ReceiveSession(
            arguments.GetRequiredValue(_folder),
            new UnpackOptions
            {
                Rearrange = !arguments.GetValue(_asIs),
                MaxBytes = arguments.GetValue(_maxSize) ?? DefaultMaxSize,
                KeepFree = arguments.GetValue(_keepFree) ?? DefaultKeepFree,
            },
            answers,
            TimeProvider.System);
        using var input = new PolledInputStream(
            StandardInput, TimeSpan.FromSeconds(arguments.GetValue(_timeout)), TimeProvider.System, cancellation);
        if (session.Run(input, cancellation) is { } crash)
        {
            return crash.IsComplete ? ExitCode.Success : ExitCode.BadInput;
        }

        terminal.Error("the connection ended before the crash did; its folder waits for another one");
        return ExitCode.Failure;
    }
}
