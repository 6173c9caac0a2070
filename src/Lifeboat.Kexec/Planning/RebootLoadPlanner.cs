using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>Decides what is loaded where, so that a reboot starts the next kernel without the firmware.</summary>
public static class RebootLoadPlanner
{
    /// <summary>The plan for <paramref name="request"/>. Reads and changes nothing of the machine.</summary>
    /// <exception cref="DiagnosticException">
    /// The image is none or not suitable, RAM has no room for it, the command line is too long, or the kernel's own rules would
    /// refuse the plan.
    /// </exception>
    public static LoadPlan Plan(RebootLoadRequest request)
    {
        MachineDescription machine = request.Machine;
        KernelImage image = request.Image;
        MachineFitness.Require(request, image);
        List<Diagnostic> notices = [.. MachineFitness.Notices(request, image)];
        if (request.PreserveContext && request.MemoryEnd is null)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.NoRoom, "A kernel that returns needs an end of the memory it may use")
            {
                Expected = "an end (--mem-max), as all of the memory up to it is saved in the jump",
                Remedy = "Give --mem-max, some hundred MiB",
            });
        }

        var placement = new RebootPlacement(machine, image, request.MemoryMinimum, request.MemoryEnd);
        var builder = new LoadPlanBuilder(request, LoadPurpose.Reboot, image, placement, notices);
        string commandLine = NextCommandLine.Join(
            request.CommandLine,
            NextCommandLine.AcpiParameter(image, machine),
            request.PreserveContext ? NextCommandLine.JumpBackParameter + new string('0', NextCommandLine.JumpBackDigits) : "");
        IReadOnlyList<E820Entry> map = request.PreserveContext
            ? PreservedContext.Map(machine, request.MemoryEnd!.Value)
            : RebootMemory.Map(machine);
        return builder.Build(
            commandLine, map, default, request.PreserveContext ? KexecLoadFlags.PreserveContext : KexecLoadFlags.None);
    }
}
