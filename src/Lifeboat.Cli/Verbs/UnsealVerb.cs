using System.CommandLine;
using System.CommandLine.Parsing;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat unseal -i KEYFILE IN OUT</c>: opens a file that was sealed to a public key.</summary>
internal sealed class UnsealVerb : Verb
{
    private readonly Argument<string[]> _files = new("IN OUT")
    {
        Description = "The sealed file, - for standard input; and the file to write, - for standard output.",
        Arity = new ArgumentArity(2, 2),
    };

    private readonly Option<string[]> _identities = new("--identity", "-i")
    {
        Description = "A file with the secret key, or several, AGE-SECRET-KEY-1... (repeatable; the one that fits is used).",
        HelpName = "KEYFILE",
        Required = true,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<bool> _force = CommonOptions.Force();

    public UnsealVerb()
        : base("unseal", "open a sealed file with a secret key")
    {
        CommonOptions.RefuseEmptyPaths(_files);
        Arguments.Add(_files);
        Options.Add(_identities);
        Options.Add(_force);
        Options.Add(CommonOptions.Json);
        Validators.Add(RefuseWhatDoesNotGoTogether);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Opens what lifeboat seal or age -r age1... wrote (age-encryption.org/v1, X25519). Every chunk of
            64 KiB is verified before a byte of it is written. A file that was cut off, changed, or has something behind its end is
            refused with the place where, and there is no OUT; to standard output go the chunks before that place, which are
            sound, and the exit code is 4: that is how to get at what there is of a dump that was cut off.

            Files with a passphrase, in armour, or sealed to SSH, plugin or post-quantum keys only are for age -d.
            """,
        Examples =
        [
            new("lifeboat unseal -i dumps.key vmcore.kdump.age vmcore.kdump", "open a sealed dump"),
            new("lifeboat unseal -i dumps.key cut-off.age -", "send what there is of one that was cut off through a pipe"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the file is not sealed, damaged, cut off, or sealed to other keys; or a key file has no key"),
            new((int)ExitCode.KernelRefused, "the file could not be made durable"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string[] files = arguments.GetRequiredValue(_files);
        var identities = new List<AgeIdentity>();
        try
        {
            foreach (string file in arguments.GetRequiredValue(_identities))
            {
                identities.AddRange(AgeKeyFile.ReadIdentities(file));
            }

            ByteCount length = new SealedCopy(files[0], files[1], arguments.GetValue(_force), terminal, cancellation).Unseal(identities);
            if (files[1] != SealedCopy.Standard)
            {
                terminal.Output.WriteLine(arguments.GetValue(CommonOptions.Json)
                    ? new SealDocument { File = files[1], FileBytes = length.Value }.ToJson()
                    : $"{files[1]}: {length}");
            }

            return ExitCode.Success;
        }
        finally
        {
            identities.ForEach(identity => identity.Dispose());
        }
    }

    private void RefuseWhatDoesNotGoTogether(CommandResult result)
    {
        if (result.GetValue(_files) is [_, SealedCopy.Standard] && result.GetValue(CommonOptions.Json))
        {
            result.AddError("--json and the file cannot both go to standard output");
        }
    }
}
