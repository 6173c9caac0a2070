using Lifeboat.Drill.Inside;

namespace Lifeboat.Cli;

/// <summary>The entry point: a command line on a machine, or process 1 of a ramdisk of ours.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (Environment.ProcessId == 1 && GuestInit.IsGuest)
        {
            GuestInit.Run(TimeProvider.System);
        }

        if (arguments is [WorkerProcess.Argument, string kind])
        {
            WorkerProcess.Run(kind);
        }

        return LifeboatCommand.Run(arguments);
    }
}
