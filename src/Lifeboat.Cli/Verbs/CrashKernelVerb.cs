using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Reservation;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat crashkernel</c>: what is reserved for a crash, and how much should be.</summary>
internal sealed class CrashKernelVerb : Verb
{
    public CrashKernelVerb()
        : base("crashkernel", "show, explain, propose or give back the memory that is reserved for a crash")
    {
        Options.Add(CommonOptions.Json);
        Subcommands.Add(new CrashKernelExplainVerb());
        Subcommands.Add(new CrashKernelProposeVerb());
        Subcommands.Add(new CrashKernelShrinkVerb());
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Without a command: what is reserved, how much of it is loaded, what crashkernel= on the command line asked for, and what is
            to be said of that. The addresses are shown to root only.

            crashkernel=SIZE[@OFFSET] reserves a size, below 4 GiB or, where there is no room, above; crashkernel=FROM-[TO]:SIZE,...
            takes the size of the first range that has the machine's RAM, rounded up to 128 MiB; SIZE,high reserves above 4 GiB and
            SIZE,low what is to be below beside it (256M unless said); SIZE,cma lends memory to the running kernel until the crash
            (Linux 6.17). Of each kind the last one counts.
            """,
        Examples =
        [
            new("lifeboat crashkernel", "what is reserved and used"),
            new("lifeboat crashkernel explain 2G-64G:256M,64G-:512M --memory 96G", "what would that reserve on such a machine?"),
            new("lifeboat crashkernel propose --ramdisk capture.img", "how much does this kernel need? measured by drills"),
            new("lifeboat crashkernel shrink 128M", "give back what is above 128 MiB, until the next boot"),
        ],
        Files =
        [
            new("/sys/kernel/kexec_crash_size", "what is reserved; in newer kernels /sys/kernel/kexec/crash_size"),
            new(LastDrill.DefaultPath, "the last drill"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var status = ReservationStatus.Read();
        terminal.Output.Write(arguments.GetValue(CommonOptions.Json)
            ? CrashKernelReport.ToJson(status) + '\n'
            : CrashKernelReport.ToText(status));
        return ExitCode.Success;
    }
}
