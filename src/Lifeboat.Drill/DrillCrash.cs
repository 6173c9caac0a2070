namespace Lifeboat.Drill;

/// <summary>How a drill makes its first kernel crash.</summary>
public enum DrillCrash
{
    /// <summary>Through sysrq.</summary>
    Sysrq,

    /// <summary>A module writes through a NULL pointer.</summary>
    Null,

    /// <summary>A module reads through a pointer out of freed memory, which is no address at all.</summary>
    Wild,

    /// <summary>A module reaches a BUG().</summary>
    Bug,

    /// <summary>A module divides by zero.</summary>
    Divide,

    /// <summary>A module takes a spin lock twice (softlockup_panic).</summary>
    SoftLockup,

    /// <summary>A process writes to a filesystem that stays frozen (hung_task_panic).</summary>
    HungTask,

    /// <summary>A process takes all memory (panic_on_oom).</summary>
    Oom,

    /// <summary>A non-maskable interrupt that nobody asked for (unknown_nmi_panic).</summary>
    Nmi,

    /// <summary>A machine check that the processor cannot go on after.</summary>
    Mce,
}
