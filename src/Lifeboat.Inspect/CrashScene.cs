using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Commands.Machine;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect;

/// <summary>What a report has from the kernel's own objects: stacks, tasks, modules, memory.</summary>
internal sealed class CrashScene
{
    // Each of them is unwound and listed; the number of all is told.
    private const int MostBlocked = 64;

    // A capture kernel makes reports, too, and has little memory: ten thousand threads must not take all of it.
    private const int MostTasks = 2048;

    private readonly CrashedKernel _kernel;

    private CrashScene(CrashedKernel kernel, PanicSummary? panic) => (_kernel, Panic) = (kernel, panic);

    internal PanicSummary? Panic { get; private set; }

    internal CrashSite? Site { get; private set; }

    internal List<CpuStack> Stacks { get; } = [];

    internal List<ReportTask> Blocked { get; } = [];

    internal int BlockedCount { get; private set; }

    internal List<ReportTask> Tasks { get; } = [];

    internal int TaskCount { get; private set; }

    internal List<ReportModule> Modules { get; } = [];

    internal ulong? Taint { get; private set; }

    internal TimeSpan? Uptime { get; private set; }

    internal IReadOnlyList<double> Load { get; private set; } = [];

    internal MemoryUse? Memory { get; private set; }

    /// <summary>Reads it; null, with diagnostics, when nothing leads to the kernel's objects.</summary>
    internal static CrashScene? Read(
        DumpSource dump, PanicSummary? panic, bool everyTask, DumpLimits? limits, KernelFiles? files, List<Diagnostic> diagnostics)
    {
        CrashedKernel kernel;
        try
        {
            kernel = CrashedKernel.Open(dump, limits, files);
        }
        catch (DumpFormatException e)
        {
            diagnostics.AddRange(e.Diagnostics);
            return null;
        }

        var scene = new CrashScene(kernel, panic);
        diagnostics.AddRange(kernel.Diagnostics);
        if (kernel.NoStacks is { } reason && kernel.Diagnostics.Count == 0)
        {
            diagnostics.Add(reason);
        }

        // Each by itself: a kernel that lacks the types of one may have those of others.
        Attempt(scene.ReadMachine);
        Attempt(scene.ReadModules);
        Attempt(scene.ReadStacks);
        Attempt(() => scene.ReadTasks(everyTask));
        Attempt(scene.ReadHungTask);
        return scene;
    }

    private static void Attempt(Action part)
    {
        try
        {
            part();
        }
        catch (UnknownTypeException)
        {
            // The kernel's own diagnostics say why types are missing.
        }
    }

    private void ReadMachine()
    {
        Taint = _kernel.TryFindGlobal("tainted_mask", out KernelObject? taint) ? taint.Unsigned : null;
        Uptime = _kernel.SchedulerTime;
        Load = _kernel.LoadAverages;
        Memory = MemoryUse.Read(_kernel);
    }

    private void ReadModules()
    {
        foreach (KernelModule module in _kernel.Modules)
        {
            Modules.Add(new ReportModule(module.Name ?? "?", TaintLetters.Of(module.Taints ?? 0)));
        }
    }

    private void ReadStacks()
    {
        if (_kernel.NoStacks is not null)
        {
            return;
        }

        int? crashed = Panic?.Cpu ?? _kernel.CrashedCpu;
        TaskStack? first = null;
        IReadOnlyList<KernelTask> running = _kernel.RunningTasks;
        foreach (KernelTask task in running)
        {
            if (task.Stack is { Cpu: { } cpu } stack)
            {
                Add(cpu, task, stack);
            }
        }

        // Where tasks cannot be told, the CPUs' registers still lead up their stacks.
        for (int cpu = 0; running.Count == 0 && _kernel.StackOfCpu(cpu) is { } stack; cpu++)
        {
            Add(cpu, null, stack);
        }

        Stacks.Sort((one, other) => (one.Cpu == crashed, other.Cpu == crashed) switch
        {
            (true, false) => -1,
            (false, true) => 1,
            _ => one.Cpu.CompareTo(other.Cpu),
        });
        if (first is null)
        {
            return;
        }

        // A log that is damaged, or that says nothing of a kind.
        if (Panic is null or { Kind: PanicKind.Other } && CrashPlaces.KindOf(Stacks[0].Frames) is { } kind)
        {
            Panic = (Panic ?? new PanicSummary { Cpu = crashed, Pid = (int?)Stacks[0].Pid, Command = Stacks[0].Command }) with { Kind = kind };
        }

        if (Panic is not null)
        {
            // A machine check is told without the task that it struck.
            CpuStack stack = Stacks[0];
            Panic = Panic with { Cpu = Panic.Cpu ?? crashed, Pid = Panic.Pid ?? (int?)stack.Pid, Command = Panic.Command ?? stack.Command };
            Site = SiteReader.Read(_kernel, Panic, first, Stacks[0].Frames);
        }

        void Add(int cpu, KernelTask? task, TaskStack stack)
        {
            Stacks.Add(new CpuStack(cpu, task?.Pid, task?.Name, FramesOf(stack), stack.End.IsWhole ? null : stack.End.Text));
            first = cpu == crashed ? stack : first;
        }
    }

    private void ReadTasks(bool everyTask)
    {
        foreach (KernelTask task in _kernel.Tasks)
        {
            bool isBlocked = task.State == TaskState.Uninterruptible;
            BlockedCount += isBlocked ? 1 : 0;
            TaskCount++;
            bool isListed = everyTask && Tasks.Count < MostTasks;
            if (!isListed && !(isBlocked && Blocked.Count < MostBlocked))
            {
                continue;
            }

            ReportTask entry = Describe(task, task.Stack);
            if (isListed)
            {
                Tasks.Add(entry);
            }

            if (isBlocked && Blocked.Count < MostBlocked)
            {
                Blocked.Add(entry);
            }
        }
    }

    // The one that the kernel named, wherever it stands among hundreds that are blocked.
    private void ReadHungTask()
    {
        if (Panic is not { Kind: PanicKind.HungTask, BlockedPid: { } pid })
        {
            return;
        }

        foreach (KernelTask task in _kernel.Tasks)
        {
            if (task.Pid == pid && task.Stack is { } stack)
            {
                ReportTask entry = Describe(task, stack);
                Site = SiteReader.Read(_kernel, Panic, stack, entry.Frames) with { Task = entry };
                return;
            }
        }
    }

    private ReportTask Describe(KernelTask task, TaskStack? stack)
    {
        TaskState? state = task.State;
        TimeSpan? idle = state != TaskState.Running && task.Times.LastRan is { Ticks: > 0 } last ? Uptime - last : null;
        return new ReportTask(
            task.Pid,
            task.Name,
            state is { } known ? TaskStates.LetterOf(known).ToString() : null,
            idle is { Ticks: >= 0 } time ? Math.Round(time.TotalSeconds, 1) : null,
            stack is null ? [] : FramesOf(stack),
            stack is null || stack.End.IsWhole ? null : stack.End.Text);
    }

    private static List<string> FramesOf(TaskStack stack)
    {
        var frames = new List<string>();
        foreach (NamedFrame frame in stack.Frames)
        {
            frames.Add(frame.ToString());
        }

        return frames;
    }
}
