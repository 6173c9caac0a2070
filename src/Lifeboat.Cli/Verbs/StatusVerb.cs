using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat status</c>: says whether a panic now would be captured.</summary>
internal sealed class StatusVerb : Verb
{
    public StatusVerb()
        : base("status", "say whether a panic now would be captured") =>
        Options.Add(CommonOptions.Json);

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Says whether a capture kernel is loaded and, when not, what stands in the way: no reservation, a kernel without kexec,
            a sysctl or a lockdown that forbids loading. Then which kinds of trouble become a panic at all, and so reach the capture
            kernel. Anyone may run it; the reservation's addresses are shown to root only.
            """,
        Examples =
        [
            new("lifeboat status", "verdict, problems, settings"),
            new("lifeboat status --json", "the same as one JSON document"),
        ],
        Files =
        [
            new("/sys/kernel/kexec_crash_loaded", "whether a capture kernel is loaded; in newer kernels /sys/kernel/kexec/crash_loaded"),
        ],
        ExitCodes = [new((int)ExitCode.NotArmed, "no capture kernel is loaded")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        KexecStatus status = KexecStatus.Read();
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(KexecStatusReport.ToJson(status));
        }
        else
        {
            terminal.Output.Write(KexecStatusReport.ToText(status));
        }

        return status.IsArmed ? ExitCode.Success : ExitCode.NotArmed;
    }
}
