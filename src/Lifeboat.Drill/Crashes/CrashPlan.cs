using Lifeboat.Kernel;

namespace Lifeboat.Drill.Crashes;

/// <summary>What a way of crashing needs, and what a dump of it must say.</summary>
internal sealed class CrashPlan(PanicKind kind, string? place)
{
    /// <summary>The kind of crash that must be told.</summary>
    internal PanicKind Kind => kind;

    /// <summary>The function that must be told as the place; null where chance decides.</summary>
    internal string? Place => place;

    /// <summary>The function of our module that does it; null when no module is needed.</summary>
    internal string? ModuleFunction { get; private init; }

    /// <summary>What QEMU's monitor is told, for a crash that comes from outside; null for others.</summary>
    internal string? MonitorCommand { get; private init; }

    /// <summary>The plan of a way of crashing.</summary>
    internal static CrashPlan Of(DrillCrash crash) => crash switch
    {
        DrillCrash.Null => OfModule(PanicKind.NullDereference, CrashCode.Null),
        DrillCrash.Wild => OfModule(PanicKind.Oops, CrashCode.Wild),
        DrillCrash.Bug => OfModule(PanicKind.Bug, CrashCode.Bug),
        DrillCrash.Divide => OfModule(PanicKind.Oops, CrashCode.Divide),
        DrillCrash.SoftLockup => OfModule(PanicKind.SoftLockup, CrashCode.Lock),
        DrillCrash.HungTask => new CrashPlan(PanicKind.HungTask, null),
        DrillCrash.Oom => new CrashPlan(PanicKind.OutOfMemory, null),
        DrillCrash.Nmi => new CrashPlan(PanicKind.Nmi, null) { MonitorCommand = "nmi" },

        // Bank 1 says that its content is valid, that the error was not corrected and that the processor's state is lost.
        DrillCrash.Mce => new CrashPlan(PanicKind.MachineCheck, null) { MonitorCommand = "mce 0 1 0xb200000000000000 0x4 0 0" },
        _ => new CrashPlan(PanicKind.Sysrq, "sysrq_handle_crash"),
    };

    private static CrashPlan OfModule(PanicKind kind, string function) => new(kind, function) { ModuleFunction = function };
}
