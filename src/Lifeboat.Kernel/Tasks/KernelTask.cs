using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Stacks;

namespace Lifeboat.Kernel.Tasks;

/// <summary>A task: a thread of a process, a kernel thread, or a CPU's idle task (<c>struct task_struct</c>).</summary>
/// <remarks>
/// <para>Each property reads memory anew. What cannot be read is null.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed partial class KernelTask
{
    private const ulong KernelThreadFlag = 0x0020_0000; // PF_KTHREAD

    private readonly CrashedKernel _kernel;

    internal KernelTask(CrashedKernel kernel, KernelObject task) => (_kernel, Object) = (kernel, task);

    /// <summary>The <c>struct task_struct</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Where it lies.</summary>
    public VirtualAddress Address => Object.Address;

    /// <summary>The thread's number, 0 for idle tasks; null when it cannot be read.</summary>
    public long? Pid => Object["pid"].Signed;

    /// <summary>The number of the process: that of its first thread.</summary>
    public long? ProcessId => Object["tgid"].Signed;

    /// <summary>The number of the process that started this one.</summary>
    public long? ParentId => Object["real_parent.tgid"].Signed;

    /// <summary>Its name, at most 15 bytes (<c>comm</c>).</summary>
    public string? Name => Object["comm"].Text();

    /// <summary>What it does, as <c>ps</c> tells it; null when it cannot be read.</summary>
    public TaskState? State => TaskStates.Read(Object);

    /// <summary>The CPU it runs on, or ran on last.</summary>
    public int? Cpu => (Object.TryGet("thread_info.cpu", out KernelObject? cpu) ? cpu : Object["cpu"]).Unsigned
        is { } number and <= int.MaxValue ? (int)number : null;

    /// <summary>Whether it runs in the kernel only; an idle task does, too.</summary>
    public bool? IsKernelThread => Object["flags"].Unsigned is { } flags ? (flags & KernelThreadFlag) != 0 : null;

    /// <summary>Whether its CPU was running it.</summary>
    public bool? IsOnCpu => Object["on_cpu"].Unsigned is { } running ? running != 0 : null;

    /// <summary>The user memory it has (<c>mm</c>); null for a kernel thread, and when it cannot be read.</summary>
    public KernelObject? UserMemory => Object["mm"] is { Pointer: { Value: not 0 } } memory ? memory.Target : null;

    /// <summary>The same as areas and addresses; null for a kernel thread, and when it cannot be read.</summary>
    public ProcessMemory? Memory => UserMemory is { } memory ? new ProcessMemory(_kernel, memory) : null;

    /// <summary>User memory that is in RAM, in pages (VmRSS); null when it has none, or cannot be read.</summary>
    public long? ResidentPages => UserMemory is { } memory ? TaskMemory.CountResident(_kernel, memory) : null;

    /// <summary>User memory that it may touch, in pages (VmSize); null when it has none, or cannot be read.</summary>
    public long? VirtualPages => UserMemory?["total_vm"].Signed;

    /// <summary>The lowest address of its kernel stack.</summary>
    public VirtualAddress? StackBase => Object["stack"].Pointer;

    /// <summary>
    /// The calls that it is in, of its kernel stack; null when the kernel has no tables to unwind by
    /// (<see cref="CrashedKernel.NoStacks"/> says why).
    /// </summary>
    public TaskStack? Stack => _kernel.Stacks?.Read(this);

    /// <summary>Where on it the kernel stopped when the task last gave up its CPU.</summary>
    public VirtualAddress? StackPointer =>
        Object.TryGet("thread.sp", out KernelObject? sp) || Object.TryGet("thread.cpu_context.sp", out sp) ? sp.Pointer : null;

    /// <summary>When it was started, counted from the kernel's own start without the time it slept.</summary>
    public TimeSpan? StartTime => Object["start_time"].Unsigned is { } nanoseconds && nanoseconds <= long.MaxValue
        ? TimeSpan.FromTicks((long)nanoseconds / 100) : null;

    /// <summary>When it ran, and for how long.</summary>
    public TaskTimes Times => new(_kernel, this);

    /// <summary>The tasks that belong to it.</summary>
    public TaskFamily Family => new(_kernel, this);

    /// <summary>Its number and name, as <c>1 "init"</c>.</summary>
    public override string ToString() => $"{Pid} \"{Name}\"";
}
