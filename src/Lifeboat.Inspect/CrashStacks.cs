using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect;

/// <summary>Finds what each CPU was doing, as far as the dump has what leads there.</summary>
internal static class CrashStacks
{
    /// <summary>The stacks, that of the CPU which crashed first, the others by number.</summary>
    internal static List<CpuStack> Find(
        DumpSource dump, int? crashed, DumpLimits? limits, KernelFiles? files, List<Diagnostic> diagnostics)
    {
        var stacks = new List<CpuStack>();
        CrashedKernel kernel;
        try
        {
            kernel = CrashedKernel.Open(dump, limits, files);
        }
        catch (DumpFormatException e)
        {
            diagnostics.AddRange(e.Diagnostics);
            return stacks;
        }

        diagnostics.AddRange(kernel.Diagnostics);
        if (kernel.NoStacks is { } reason)
        {
            if (kernel.Diagnostics.Count == 0)
            {
                diagnostics.Add(reason);
            }

            return stacks;
        }

        foreach (KernelTask task in kernel.RunningTasks)
        {
            if (task.Stack is { Cpu: { } cpu } stack)
            {
                stacks.Add(ToStack(task, stack, cpu));
            }
        }

        // Where tasks cannot be told, the CPUs' registers still lead up their stacks.
        for (int cpu = 0; kernel.RunningTasks.Count == 0 && kernel.StackOfCpu(cpu) is { } stack; cpu++)
        {
            stacks.Add(ToStack(null, stack, cpu));
        }

        stacks.Sort((one, other) => (one.Cpu == crashed, other.Cpu == crashed) switch
        {
            (true, false) => -1,
            (false, true) => 1,
            _ => one.Cpu.CompareTo(other.Cpu),
        });
        return stacks;
    }

    private static CpuStack ToStack(KernelTask? task, TaskStack stack, int cpu)
    {
        var frames = new List<string>();
        foreach (NamedFrame frame in stack.Frames)
        {
            frames.Add(frame.ToString());
        }

        return new CpuStack(cpu, task?.Pid, task?.Name, frames, stack.End.IsWhole ? null : stack.End.Text);
    }
}
