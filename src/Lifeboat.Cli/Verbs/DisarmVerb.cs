using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat disarm</c>: unloads the capture kernel.</summary>
internal sealed class DisarmVerb : Verb
{
    public DisarmVerb()
        : base("disarm", "unload the capture kernel")
    {
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Unloads what arm has loaded, or any other program through kexec. From then on a panic is not captured. The memory stays
            reserved. Nothing happens when nothing is loaded. It needs root.
            """,
        Examples = [new("lifeboat disarm", "unload it")],
        ExitCodes = [new((int)ExitCode.KernelRefused, "the running kernel refused")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        using (ArmedImage.Lock())
        {
            KexecLoader.UnloadCrashImage();
            ArmedImage.Forget();
        }

        terminal.Output.WriteLine("Disarmed: a panic is not captured");
        return ExitCode.Success;
    }
}
