using System.CommandLine;
using System.CommandLine.Parsing;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat seal --to RECIPIENT IN OUT</c>: encrypts a file to public keys; and makes keys.</summary>
internal sealed class SealVerb : Verb
{
    private readonly Argument<string[]> _files = new("IN OUT")
    {
        Description = "The file to seal, - for standard input; and the file to write, - for standard output.",
        Arity = new ArgumentArity(0, 2),
    };

    private readonly Option<string[]> _to = new("--to")
    {
        Description = "Who can open it: a public key, age1... (repeatable; each of them can).",
        HelpName = "RECIPIENT",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string[]> _toFile = new("--to-file")
    {
        Description = "The same out of a file, one a line; empty lines and those that begin with # are passed over (repeatable).",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string> _newKey = new("--new-key")
    {
        Description = "Make a key instead: write its secret to FILE, which only its owner can read and which must not be there yet, and print the recipient to seal to.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = CommonOptions.Force();

    public SealVerb()
        : base("seal", "encrypt a file to public keys, in the format of age; make a key")
    {
        CommonOptions.RefuseEmptyPaths(_files);
        Arguments.Add(_files);
        Options.Add(_to);
        Options.Add(_toFile);
        Options.Add(_newKey);
        Options.Add(_force);
        Options.Add(CommonOptions.Json);
        Validators.Add(RefuseWhatDoesNotGoTogether);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            A dump holds everything the machine knew: keys, passwords, customers' data. Sealed, it can be opened with the secret key of
            one of its recipients only; the machine that sealed it cannot open it again. The file tells how many
            recipients it has, and not who they are.

            The format is that of age (age-encryption.org/v1) with X25519 keys: age -d -i KEYFILE opens what is sealed here, and
            lifeboat unseal opens what age -r sealed. A file has a header and chunks of 64 KiB, each sealed with its number
            (ChaCha20-Poly1305): a file that was cut off, changed or put together anew is refused with the place where.

            Memory does not grow with the file. OUT has its name only when all of it is on stable storage; until then it is written
            beside it, as OUT.NUMBER.partial. Make the key where dumps are read, keep it there and nowhere else, and have a copy of it: a
            lost key opens nothing.
            """,
        Examples =
        [
            new("lifeboat seal --new-key dumps.key", "make a key; prints age1..., which is public"),
            new("lifeboat seal --to age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj vmcore.kdump vmcore.kdump.age", "seal a dump"),
            new("lifeboat seal --to-file team.txt - vmcore.age", "seal what comes through a pipe to every key of a list"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "a recipient is none, or a file of recipients has none"),
            new((int)ExitCode.KernelRefused, "the file could not be made durable"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool isJson = arguments.GetValue(CommonOptions.Json);
        if (arguments.GetValue(_newKey) is { } keyFile)
        {
            var recipient = AgeKeyFile.Create(keyFile, TimeProvider.System).ToString();
            terminal.Output.WriteLine(isJson ? new SealDocument { File = keyFile, Recipients = [recipient] }.ToJson() : recipient);
            return ExitCode.Success;
        }

        List<AgeRecipient> recipients = Recipients(arguments);
        string[] files = arguments.GetRequiredValue(_files);
        ByteCount length = new SealedCopy(files[0], files[1], arguments.GetValue(_force), terminal, cancellation).Seal(recipients);
        if (files[1] == SealedCopy.Standard)
        {
            return ExitCode.Success;
        }

        terminal.Output.WriteLine(isJson
            ? new SealDocument { File = files[1], Recipients = recipients.ConvertAll(recipient => recipient.ToString()), FileBytes = length.Value }.ToJson()
            : $"{files[1]}: {length}, sealed to {recipients.Count} {(recipients.Count == 1 ? "recipient" : "recipients")}");
        return ExitCode.Success;
    }

    private List<AgeRecipient> Recipients(ParseResult arguments)
    {
        var recipients = new List<AgeRecipient>();
        foreach (string text in arguments.GetValue(_to) ?? [])
        {
            recipients.Add(AgeRecipient.Parse(text, _to.Name));
        }

        foreach (string file in arguments.GetValue(_toFile) ?? [])
        {
            recipients.AddRange(AgeKeyFile.ReadRecipients(file));
        }

        return recipients;
    }

    private void RefuseWhatDoesNotGoTogether(CommandResult result)
    {
        string[] files = result.GetValue(_files) ?? [];
        bool hasRecipients = result.GetResult(_to) is not null || result.GetResult(_toFile) is not null;
        if (result.GetResult(_newKey) is not null)
        {
            if (files.Length > 0 || hasRecipients)
            {
                result.AddError("--new-key makes a key, and seals nothing: give no files and recipients with it");
            }

            return;
        }

        if (files.Length != 2)
        {
            result.AddError("name the file to seal and the file to write: IN OUT (- for a standard stream)");
        }

        if (!hasRecipients)
        {
            result.AddError("say who can open it: --to age1..., or --to-file FILE (--new-key FILE makes a key)");
        }

        if (files is [_, SealedCopy.Standard] && result.GetValue(CommonOptions.Json))
        {
            result.AddError("--json and the file cannot both go to standard output");
        }
    }
}
