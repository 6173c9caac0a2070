namespace Lifeboat.Capture.Settings;

/// <content>
/// The directives of kdump.conf that are known and not carried out. Taking one silently would lose a dump or a
/// notification that somebody counts on.
/// </content>
public static partial class SettingDirectives
{
    private const string OtherTarget = "Name another target: lifeboat config --help has the kinds";
    private const string NoFence = "A cluster is not told; kdump_pre can run fence_kdump_send, named by extra_bins";
    private const string Rebuilding = "The ramdisk is built when lifeboat ramdisk build is called, and only then";

    private static IEnumerable<SettingDirective> NotCarriedOut() =>
    [
        NoTarget("minix", "a minix filesystem to save to"),
        NoTarget("virtiofs", "a folder of the host that a virtual machine runs on"),
        Known("kdump_emergency", "a program to run when the capture kernel did not come up", "What could not be saved goes to the console"),
        Known("dracut_args", "options for dracut", "extra_bins and extra_modules name what the ramdisk needs besides"),
        Known("fence_kdump_args", "options of the message to a cluster's nodes", NoFence),
        Known("fence_kdump_nodes", "a cluster's nodes to send a message to", NoFence),
        Harmless("force_rebuild", "whether the ramdisk is built anew each time", Rebuilding),
        Harmless("force_no_rebuild", "whether the ramdisk is never built anew", Rebuilding),
        Harmless(
            "auto_reset_crashkernel", "whether updates change crashkernel=",
            "The boot loader's settings are left alone; lifeboat crashkernel propose measures a size"),
        Harmless("override_resettable", "whether to try a disk that cannot be reset", "Every disk is tried"),
        Harmless("blacklist", "modules that are not to be loaded", "Only the target's modules are loaded"),
        Harmless("debug_mem_level", "how much to tell of memory", "The manifest tells how much memory was used"),
    ];

    private static SettingDirective NoTarget(string name, string meaning) => new(name, null, null)
    {
        Meaning = meaning,
        Instead = OtherTarget,
        Group = TargetGroup,
    };

    private static SettingDirective Known(string name, string meaning, string instead) => new(name, null, null)
    {
        Meaning = meaning,
        Instead = instead,
    };

    // What these ask for is so here, or is not the capture's.
    private static SettingDirective Harmless(string name, string meaning, string instead) => new(name, null, null)
    {
        Meaning = meaning,
        Instead = instead,
        IsHarmless = true,
    };
}
