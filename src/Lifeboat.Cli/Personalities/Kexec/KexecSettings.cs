using Lifeboat.Kexec.Loading;

namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>What a command line of kexec asks for.</summary>
internal sealed class KexecSettings
{
    /// <summary>Without any option: load, then have the system shut down.</summary>
    public KexecAction Actions { get; set; } = KexecAction.Load | KexecAction.Shutdown | KexecAction.Sync;

    /// <summary>The call that loads; null for kexec_file_load, and kexec_load where the kernel has none or does not know the image.</summary>
    public KexecCall? Call { get; set; }

    public bool ShowsHelp { get; set; }

    public bool ShowsVersion { get; set; }

    public bool ShowsStatus { get; set; }

    public bool ShowsReservation { get; set; }

    public bool IsDebugging { get; set; }

    /// <summary>The image is one for a crash (<c>-p</c>).</summary>
    public bool IsForCrash { get; set; }

    /// <summary><c>-l</c> was given: its only use is to have <c>-S</c> ask for the image that is not for a crash.</summary>
    public bool IsLoad { get; set; }

    public bool PreservesContext { get; set; }

    public bool SkipsChecks { get; set; }

    public bool SkipsInterfacesDown { get; set; }

    public bool SkipsSync { get; set; }

    public bool IsHotplug { get; set; }

    public bool IsWithoutCma { get; set; }

    public bool ForcesDeviceTree { get; set; }

    public string? Type { get; set; }

    public ulong? MemoryMinimum { get; set; }

    public ulong? MemoryMaximum { get; set; }

    public bool ReusesCommandLine { get; set; }

    /// <summary>--append and --command-line are one option; the last one counts.</summary>
    public string? CommandLine { get; set; }

    public string? Ramdisk { get; set; }

    public string? DeviceTree { get; set; }

    public bool PassesMemoryMap { get; set; }

    public bool IsWithoutEfi { get; set; }

    public bool ResetsVga { get; set; }

    public bool PrintsToVga { get; set; }

    public bool PrintsToSerial { get; set; }

    /// <summary>The I/O port of the serial console.</summary>
    public ushort SerialPort { get; set; } = 0x3f8;

    /// <summary>Its speed; zero leaves it as it is.</summary>
    public int SerialBaud { get; set; }

    public bool Is32BitEntry { get; set; }

    /// <summary>Multiboot modules: path, then the module's own command line.</summary>
    public List<string> Modules { get; } = [];

    /// <summary>The kernel; null when none was named.</summary>
    public string? Kernel { get; set; }
}
