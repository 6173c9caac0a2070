namespace Lifeboat.Capture.Settings;

/// <content>
/// The directives of kdump.conf that are known and not carried out. Taking one silently would lose a dump or a
/// notification that somebody counts on.
/// </content>
public static partial class SettingDirectives
{
    private const string OtherTarget = "Save to an ext4, xfs, btrfs or vfat filesystem of this machine";
    private const string NoFence = "A cluster is not told; kdump_pre can run fence_kdump_send, named by extra_bins";
    private const string Rebuilding = "The ramdisk is built when lifeboat ramdisk build is called, and only then";
    private const string CommandLine = "It goes on the capture kernel's command line: lifeboat arm --append";

    private static IEnumerable<SettingDirective> NotCarriedOut() =>
    [
        NoTarget("minix", "a minix filesystem to save to"),
        NoTarget("virtiofs", "a folder of the host that a virtual machine runs on"),
        NoTarget("net", "the former name of nfs and ssh"),
        Known(
            "core_collector", "the program that saves the dump, and its options",
            "Say dump_level and compression instead; lifeboat config import makes them of it"),
        Known("kdump_emergency", "a program to run when the capture kernel did not come up", "What could not be saved goes to the console"),
        Known("default", "the former name of failure_action", "Its name is failure_action now"),
        Known("force_rebuild", "whether the ramdisk is built anew each time", Rebuilding),
        Known("force_no_rebuild", "whether the ramdisk is never built anew", Rebuilding),
        Known("dracut_args", "options for dracut", "The ramdisk is built without dracut"),
        Known("fence_kdump_args", "options of the message to a cluster's nodes", NoFence),
        Known("fence_kdump_nodes", "a cluster's nodes to send a message to", NoFence),
        Known(
            "auto_reset_crashkernel", "whether updates change crashkernel=",
            "The boot loader's settings are left alone; lifeboat crashkernel propose measures a size"),
        Known("override_resettable", "whether to try a disk that cannot be reset", "Every disk is tried"),
        Known("options", "options of a module", CommandLine),
        Known("blacklist", "modules that are not to be loaded", "Only the target's modules are loaded"),
        Known("link_delay", "how long to wait for the network", "Say net_timeout, the time for card, carrier and address together"),
        Known("debug_mem_level", "how much to tell of memory", "The manifest tells how much memory was used"),
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
}
