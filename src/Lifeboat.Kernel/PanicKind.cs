namespace Lifeboat.Kernel;

/// <summary>What kind of end a kernel came to, as its log tells it.</summary>
public enum PanicKind
{
    /// <summary>None of the below, or not known.</summary>
    Other,

    /// <summary>Asked for through sysrq.</summary>
    Sysrq,

    /// <summary>A NULL pointer was dereferenced.</summary>
    NullDereference,

    /// <summary>Any other oops: a page fault, general protection fault, divide error and so on.</summary>
    Oops,

    /// <summary>A BUG() in the code was reached.</summary>
    Bug,

    /// <summary>A task was blocked for too long (hung_task_panic).</summary>
    HungTask,

    /// <summary>A CPU was busy in the kernel for too long (soft or hard lockup, RCU stall).</summary>
    Lockup,

    /// <summary>Out of memory (panic_on_oom, or nothing left to kill).</summary>
    OutOfMemory,
}
