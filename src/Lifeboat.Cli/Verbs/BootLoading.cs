using System.Diagnostics;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary>What <c>boot</c> does with a kernel once it is chosen: plans, loads, and ends the running system.</summary>
internal static class BootLoading
{
    private const string SystemdFolder = "/run/systemd/system";
    private const string KexecProgram = "/usr/sbin/kexec";

    /// <summary>Whether something is there to shut down in order.</summary>
    internal static bool HasSystemd => Directory.Exists(SystemdFolder);

    /// <summary>Prepares the load of a kernel.</summary>
    /// <param name="request">The kernel.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="wanted">The call that was asked for; null to choose.</param>
    internal static PreparedLoad Prepare(BootRequest request, MachineDescription machine, KexecCall? wanted)
    {
        var files = new LoadFiles();
        KernelFile file = files.OpenKernel(request.Kernel);
        LoaderChoice choice = request.Entry32Bit && wanted is null
            ? new LoaderChoice(KexecCall.KexecLoad, "only kexec_load has a 32-bit entry")
            : LoaderChoice.Choose(wanted, KexecStatus.Read(), LoaderImage.Of(file), onCrash: false);
        return new PreparedLoad(
            machine,
            choice,
            mayChange: wanted is null && !request.Entry32Bit && file.Image is BzImage,
            files,
            () => Plan(request, machine, files),
            () => FileLoad.Prepare(new FileLoadRequest
            {
                KernelPath = request.Kernel,
                Kernel = files.OpenKernel(request.Kernel),
                Ramdisks = request.Ramdisks,
                CommandLine = request.CommandLine,
                Flags = FileLoadFlags.None,
            }));
    }

    private static LoadPlan Plan(BootRequest request, MachineDescription machine, LoadFiles files)
    {
        KernelFile kernel = files.OpenKernel(request.Kernel);
        return RebootLoadPlanner.Plan(new RebootLoadRequest
        {
            Kernel = kernel,
            Ramdisk = request.Ramdisks.Count > 0 ? files.Join(request.Ramdisks) : kernel.Ramdisk,
            Modules = request.Modules.ToList().ConvertAll(text => new BootModule(text, files.Read(text.Split(' ', 2)[0]))),
            CommandLine = request.CommandLine,
            Machine = machine,
            Entry32Bit = request.Entry32Bit,
            HandOver = new HandOverOptions
            {
                RandomSeed = RebootImage.NewSeed(),
                DeviceTree = kernel.DeviceTree,
                WithoutEfi = request.WithoutEfi,
            },
        });
    }

    /// <summary>Has systemd stop everything and start what is loaded; returns while that is under way.</summary>
    internal static ExitCode ShutDown(Terminal terminal)
    {
        if (!File.Exists(KexecProgram))
        {
            terminal.Note($"older systemd ends the shutdown with {KexecProgram} -e, which is not there: "
                + "and without it starts the machine through the firmware instead");
        }

        using Process shutdown = Process.Start("systemctl", ["kexec"]);
        shutdown.WaitForExit();
        if (shutdown.ExitCode == 0)
        {
            return ExitCode.Success;
        }

        terminal.Error($"systemctl kexec has failed with {shutdown.ExitCode}; the image stays loaded: "
            + "lifeboat boot --now starts it without shutting down, lifeboat boot --unload takes it back");
        return ExitCode.Failure;
    }
}
