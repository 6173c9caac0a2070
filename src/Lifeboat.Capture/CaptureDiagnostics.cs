using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>The kinds of diagnostics of this room, numbers 5000 to 5999.</summary>
public static partial class CaptureDiagnostics
{
    /// <summary>A kernel module is no ELF relocatable file, or cannot be decompressed.</summary>
    public static DiagnosticId BadModule { get; } = new(5002, "damaged kernel module");

    /// <summary>A module that the target needs is neither built in nor present.</summary>
    public static DiagnosticId ModuleMissing { get; } = new(5003, "module missing");

    /// <summary>Modules depend on each other in a circle.</summary>
    public static DiagnosticId ModuleCycle { get; } = new(5004, "modules depend on each other in a circle");

    /// <summary>The modules directory is no such thing.</summary>
    public static DiagnosticId NoModuleDirectory { get; } = new(5005, "no modules directory");

    /// <summary>The program for /init cannot run in a ramdisk.</summary>
    public static DiagnosticId BadInitProgram { get; } = new(5006, "program unfit for /init");

    /// <summary>A soft dependency names nothing that is present or built in.</summary>
    public static DiagnosticId SoftDependencyMissing { get; } = new(5008, "soft dependency not found");

    /// <summary>A kernel was built without ramdisks.</summary>
    public static DiagnosticId NoRamdiskSupport { get; } = new(5007, "kernel without ramdisk support");

    /// <summary>A ramdisk is none of ours, damaged, or not as this machine needs it.</summary>
    public static DiagnosticId BadRamdisk { get; } = new(5009, "unfit ramdisk");

    /// <summary>A line of the settings file is not understood.</summary>
    public static DiagnosticId BadSetting { get; } = new(5020, "setting not understood");

    /// <summary>The settings lack what a capture cannot do without.</summary>
    public static DiagnosticId SettingMissing { get; } = new(5021, "setting missing");

    /// <summary>A directive is known, from kdump.conf mostly, and not carried out.</summary>
    public static DiagnosticId SettingNotCarriedOut { get; } = new(5022, "setting not carried out");

    /// <summary>Settings that are right each, and together or on this machine lead to nothing good.</summary>
    public static DiagnosticId DoubtfulSetting { get; } = new(5023, "doubtful setting");

    /// <summary>Nothing tells what kind of settings a file has, or its kind has none for a capture.</summary>
    public static DiagnosticId UnknownSettingsFile { get; } = new(5024, "settings of an unknown kind");

    /// <summary>The block device of the target did not appear.</summary>
    public static DiagnosticId TargetNotFound { get; } = new(5040, "target not found");

    /// <summary>A manifest is not what its schema says.</summary>
    public static DiagnosticId BadManifest { get; } = new(5041, "damaged manifest");

    /// <summary>There is no vmcore: this kernel was not started by a crash.</summary>
    public static DiagnosticId NoVmcore { get; } = new(5042, "no vmcore");

    /// <summary>A watchdog of the machine would end a capture, or could not end one that hangs.</summary>
    public static DiagnosticId WatchdogRuns { get; } = new(5043, "watchdog");
}
