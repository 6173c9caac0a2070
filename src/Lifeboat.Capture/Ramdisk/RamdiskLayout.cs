namespace Lifeboat.Capture.Ramdisk;

/// <summary>Where things lie in a ramdisk of ours: the agreement between its builder and its init.</summary>
public static class RamdiskLayout
{
    /// <summary>The program; the kernel starts it as process 1.</summary>
    public const string Init = "/init";

    /// <summary>The settings of a capture.</summary>
    public const string Settings = "/etc/lifeboat/lifeboat.conf";

    /// <summary>The plans of the network, where a target needs one.</summary>
    public const string Network = "/etc/lifeboat/network";

    /// <summary>The plans of what targets lie on, where one has to be set up before its device appears.</summary>
    public const string Storage = "/etc/lifeboat/storage";

    /// <summary>The modules to load, one a line, in load order: the path, and parameters behind a space.</summary>
    public const string ModuleList = "/etc/lifeboat/modules";

    /// <summary>The folder of the modules, each <c>NAME.ko</c>.</summary>
    public const string ModuleDirectory = "/lib/modules";

    /// <summary>Where the target's filesystem is mounted.</summary>
    public const string TargetMount = "/target";

    /// <summary>Where another host's filesystem is mounted.</summary>
    public const string RemoteMount = "/remote";
}
