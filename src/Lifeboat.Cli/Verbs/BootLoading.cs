using System.Diagnostics;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Cli.Verbs;

/// <summary>What <c>boot</c> does with a kernel once it is chosen: plans, loads, and ends the running system.</summary>
internal static class BootLoading
{
    private const string SystemdFolder = "/run/systemd/system";
    private const string KexecProgram = "/usr/sbin/kexec";

    /// <summary>Whether something is there to shut down in order.</summary>
    internal static bool HasSystemd => Directory.Exists(SystemdFolder);

    /// <summary>Plans the load of a kernel.</summary>
    internal static LoadPlan Plan(BootRequest request, MachineDescription machine)
    {
        byte[] kernel = File.ReadAllBytes(request.Kernel);
        var file = KernelFile.Open(kernel, request.Kernel);
        return RebootLoadPlanner.Plan(new RebootLoadRequest
        {
            Kernel = kernel,
            KernelName = request.Kernel,
            Ramdisk = request.Ramdisks.Count > 0
                ? Ramdisks.Join(request.Ramdisks.ToList().ConvertAll(static path => (ReadOnlyMemory<byte>)File.ReadAllBytes(path)))
                : file.Ramdisk,
            Modules = request.Modules.ToList().ConvertAll(static text => new BootModule(text, File.ReadAllBytes(text.Split(' ', 2)[0]))),
            CommandLine = request.CommandLine,
            Machine = machine,
            Entry32Bit = request.Entry32Bit,
            HandOver = new HandOverOptions
            {
                RandomSeed = RebootImage.NewSeed(),
                DeviceTree = file.DeviceTree,
                WithoutEfi = request.WithoutEfi,
            },
        });
    }

    /// <summary>Loads what was planned.</summary>
    internal static void Load(LoadPlan plan, Terminal terminal)
    {
        KexecLoader.Load(plan);
        foreach (Diagnostic notice in plan.Notices)
        {
            terminal.Note(notice.ToString());
        }
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
