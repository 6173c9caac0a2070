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

    /// <summary>A CPU ran in the kernel for too long without letting anything else run (softlockup_panic).</summary>
    SoftLockup,

    /// <summary>A CPU ran for too long without taking an interrupt (hardlockup_panic).</summary>
    HardLockup,

    /// <summary>A CPU held up RCU for too long (panic_on_rcu_stall).</summary>
    RcuStall,

    /// <summary>Out of memory (panic_on_oom, or nothing left to kill).</summary>
    OutOfMemory,

    /// <summary>A non-maskable interrupt: a button, a management board, an error of the hardware.</summary>
    Nmi,

    /// <summary>The processor found an error of the hardware that it cannot go on after.</summary>
    MachineCheck,

    /// <summary>The kernel warned, and was told to panic then (panic_on_warn).</summary>
    Warning,

    /// <summary>Process 1 ended.</summary>
    InitEnded,
}
