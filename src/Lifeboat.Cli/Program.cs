using Lifeboat.Capture;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Personalities;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Inside.Trials;

namespace Lifeboat.Cli;

/// <summary>The entry point: a command line on a machine, or process 1 of a ramdisk of ours.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // Process 1 of a container has /proc already; that of a ramdisk mounts it first.
        if (Environment.ProcessId == 1 && !Directory.Exists("/proc/self"))
        {
            RunAsInit();
        }

        if (arguments is [WorkerProcess.Argument, string kind])
        {
            WorkerProcess.Run(kind);
        }

        if (arguments is [KexecTrials.Argument, string count, string seed])
        {
            return KexecTrials.Run(count, seed, Terminal.OfProcess().Output) == 0 ? 0 : 1;
        }

        return Personality.Of(CommandName.OfProcess(), arguments, out string[] rest) is { } personality
            ? personality.Run(rest, Terminal.OfProcess())
            : LifeboatCommand.Run(arguments);
    }

    private static void RunAsInit()
    {
        if (GuestInit.IsGuest)
        {
            GuestInit.Run(TimeProvider.System);
        }
        else
        {
            CaptureInit.Run(TimeProvider.System, LifeboatCommand.Version);
        }
    }
}
