using System.Globalization;
using Lifeboat.Cli.Personalities.Getopt;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>Reads the options of kexec-tools' kexec for x86-64 (2.0.32: its manual page and main()).</summary>
internal static class KexecCommandLine
{
    private const int FastestBaud = 115200;
    private const int SlowestBaud = 9600;

    // One that stands here and is not done is refused by name in Refusals.
    private static readonly GetoptOption[] Options =
    [
        new("-h"), new("--help"), new("-v"), new("--version"), new("-f"), new("--force"), new("-x"), new("--no-ifdown"),
        new("-y"), new("--no-sync"), new("-l"), new("--load"), new("-u"), new("--unload"), new("-e"), new("--exec"),
        new("--exec-live-update"), new("-t", TakesValue: true), new("--type", TakesValue: true), new("-p"), new("--load-panic"),
        new("--mem-min", TakesValue: true), new("--mem-max", TakesValue: true), new("--reuseinitrd"),
        new("-s"), new("--kexec-file-syscall"), new("-c"), new("--kexec-syscall"), new("-a"), new("--kexec-syscall-auto"),
        new("--load-preserve-context"), new("--load-jump-back-helper"), new("--load-live-update"), new("--entry", TakesValue: true),
        new("-d"), new("--debug"), new("-i"), new("--no-checks"), new("-S"), new("--status"), new("--print-ckr-size"),
        new("--hotplug"), new("--no-cma"), new("--force-dtb"), new("--reset-vga"), new("--serial", TakesValue: true),
        new("--serial-baud", TakesValue: true), new("--console-vga"), new("--console-serial"), new("--elf32-core-headers"),
        new("--elf64-core-headers"), new("--pass-memmap-cmdline"), new("--noefi"), new("--reuse-video-type"),
        new("--command-line", TakesValue: true), new("--append", TakesValue: true), new("--reuse-cmdline"),
        new("--initrd", TakesValue: true), new("--ramdisk", TakesValue: true), new("--dtb", TakesValue: true),
        new("--entry-32bit"), new("--real-mode"), new("--module", TakesValue: true), new("--args-elf"), new("--args-linux"),
        new("--args-none"),
    ];

    /// <summary>Options of kexec that are not done, each with why.</summary>
    private static readonly (string Name, string Reason)[] Refusals =
    [
        ("--load-live-update", "it is for Xen"),
        ("--exec-live-update", "it is for Xen"),
        ("--load-jump-back-helper", "a kernel that came by kexec jumps back by its own call"),
        ("--entry", "it belongs to --load-jump-back-helper"),
        ("--real-mode", "the kernel would be started in the processor's 16-bit mode, for which firmware must still be there"),
        ("--elf32-core-headers", "the ELF core header of a 64-bit kernel is a 64-bit one"),
        ("--reuse-video-type", "the screen is handed over as the running kernel knows it"),
        ("--args-elf", "no kernel takes ELF boot notes on x86-64"),
        ("--args-none", "a kernel without boot parameters is not started"),
        ("--reuseinitrd", "no kernel on x86-64 keeps the ramdisk that it was booted with; name its file"),
    ];

    /// <summary>Options of a kernel's type: without something to load they are no options.</summary>
    private static readonly string[] ImageOptions =
    [
        "--append", "--command-line", "--reuse-cmdline", "--initrd", "--ramdisk", "--dtb", "--module", "--entry-32bit",
        "--pass-memmap-cmdline", "--noefi", "--args-linux",
    ];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="KexecException">An option is not one, is not done, or has a value that cannot be.</exception>
    public static KexecSettings Read(string[] arguments)
    {
        var settings = new KexecSettings();
        var reader = new GetoptReader(arguments, Options);
        bool isOfImage = false;
        while (reader.TryRead(out GetoptOption option, out string value))
        {
            foreach ((string name, string reason) in Refusals)
            {
                if (name == option.Name)
                {
                    throw new KexecException($"kexec: {name} is not done by lifeboat: {reason}.");
                }
            }

            isOfImage |= Array.IndexOf(ImageOptions, option.Name) >= 0;
            if (!TakeAction(option.Name, settings))
            {
                Take(option.Name, value, settings);
            }

            if (settings.ShowsHelp || settings.ShowsVersion || settings.ShowsReservation)
            {
                return settings; // what follows is not read
            }
        }

        if (reader.Error is { } error)
        {
            throw new KexecException($"kexec: {error}", showsUsage: true);
        }

        settings.Kernel = reader.Operands is [string first, ..] ? first : null;
        Finish(settings, isOfImage);
        return settings;
    }

    // Each of these says anew what is done, and the last one counts, but that -u stays, and the network where -l or -p follow -e.
    private static bool TakeAction(string option, KexecSettings settings)
    {
        switch (option)
        {
            case "-f" or "--force":
                settings.Actions = (settings.Actions & KexecAction.Unload)
                    | KexecAction.Load | KexecAction.Sync | KexecAction.InterfacesDown | KexecAction.Execute;
                return true;
            case "-l" or "--load":
                settings.IsLoad = true;
                settings.Actions = (settings.Actions | KexecAction.Load) & ~(KexecAction.Execute | KexecAction.Shutdown);
                return true;
            case "-u" or "--unload":
                settings.Actions = (settings.Actions | KexecAction.Unload)
                    & ~(KexecAction.Load | KexecAction.Shutdown | KexecAction.Sync);
                return true;
            case "-e" or "--exec":
                settings.Actions = (settings.Actions & KexecAction.Unload)
                    | KexecAction.Sync | KexecAction.InterfacesDown | KexecAction.Execute;
                return true;
            case "--load-preserve-context":
                (settings.PreservesContext, settings.IsForCrash) = (true, false);
                settings.Actions = (settings.Actions & (KexecAction.Unload | KexecAction.InterfacesDown)) | KexecAction.Load | KexecAction.Sync;
                return true;
            case "-p" or "--load-panic":
                (settings.PreservesContext, settings.IsForCrash) = (false, true);
                settings.Actions = (settings.Actions & (KexecAction.Unload | KexecAction.InterfacesDown)) | KexecAction.Load;
                return true;
            default:
                return false;
        }
    }

    private static void Take(string option, string value, KexecSettings settings)
    {
        switch (option)
        {
            case "-h" or "--help":
                settings.ShowsHelp = true;
                break;
            case "-v" or "--version":
                settings.ShowsVersion = true;
                break;
            case "--print-ckr-size":
                settings.ShowsReservation = true;
                break;
            case "-S" or "--status":
                settings.ShowsStatus = true;
                break;
            case "-d" or "--debug":
                settings.IsDebugging = true;
                break;
            case "-x" or "--no-ifdown":
                settings.SkipsInterfacesDown = true;
                break;
            case "-y" or "--no-sync":
                settings.SkipsSync = true;
                break;
            case "-i" or "--no-checks":
                settings.SkipsChecks = true;
                break;
            case "-t" or "--type":
                settings.Type = value;
                break;
            case "--mem-min":
                settings.MemoryMinimum = ReadAddress(option, value);
                break;
            case "--mem-max":
                settings.MemoryMaximum = ReadAddress(option, value);
                break;
            case "-s" or "--kexec-file-syscall":
                settings.Call = KexecCall.KexecFileLoad;
                break;
            case "-c" or "--kexec-syscall":
                settings.Call = KexecCall.KexecLoad;
                break;
            case "-a" or "--kexec-syscall-auto":
                settings.Call = null;
                break;
            case "--hotplug":
                settings.IsHotplug = true;
                break;
            case "--no-cma":
                settings.IsWithoutCma = true;
                break;
            case "--force-dtb":
                settings.ForcesDeviceTree = true;
                break;
            default:
                TakeOfImage(option, value, settings);
                break;
        }
    }

    // --elf64-core-headers and --args-linux are what is always done.
    private static void TakeOfImage(string option, string value, KexecSettings settings)
    {
        switch (option)
        {
            case "--reset-vga":
                settings.ResetsVga = true;
                break;
            case "--console-vga":
                settings.PrintsToVga = true;
                break;
            case "--console-serial":
                settings.PrintsToSerial = true;
                break;
            case "--serial":
                settings.SerialPort = ReadPort(value);
                break;
            case "--serial-baud":
                settings.SerialBaud = ReadBaud(value);
                break;
            case "--pass-memmap-cmdline":
                settings.PassesMemoryMap = true;
                break;
            case "--noefi":
                settings.IsWithoutEfi = true;
                break;
            case "--command-line" or "--append":
                settings.CommandLine = value;
                break;
            case "--reuse-cmdline":
                settings.ReusesCommandLine = true;
                break;
            case "--initrd" or "--ramdisk":
                settings.Ramdisk = value;
                break;
            case "--dtb":
                settings.DeviceTree = value;
                break;
            case "--entry-32bit":
                settings.Is32BitEntry = true;
                break;
            case "--module":
                settings.Modules.Add(value);
                break;
        }
    }

    // In the order in which kexec complains.
    private static void Finish(KexecSettings settings, bool isOfImage)
    {
        if (settings.SkipsInterfacesDown)
        {
            settings.Actions &= ~KexecAction.InterfacesDown;
        }

        if (settings.SkipsSync)
        {
            settings.Actions &= ~KexecAction.Sync;
        }

        if (settings.ShowsStatus)
        {
            settings.Actions = KexecAction.None;
        }

        bool loads = settings.Actions.HasFlag(KexecAction.Load);
        if (settings.PreservesContext && loads && (settings.MemoryMaximum ?? ulong.MaxValue) == ulong.MaxValue)
        {
            throw new KexecException(
                "Please specify memory range used by kexeced kernel\nto preserve the context of original kernel with \n\"--mem-max\" parameter");
        }

        if (isOfImage && !loads)
        {
            throw new KexecException("kexec: options of a kernel are given, and none is to be loaded", showsUsage: true);
        }

        if (settings.PreservesContext && settings.Call != KexecCall.KexecLoad)
        {
            throw new KexecException("--load-preserve-context not supported with kexec_file_load");
        }
    }

    private static ulong ReadAddress(string option, string value) =>
        CNumber.TryReadWhole(value, out ulong address)
            ? address
            : throw new KexecException($"Bad option value in {option}={value}", showsUsage: true);

    private static ushort ReadPort(string value) => value switch
    {
        "ttyS0" => 0x3f8,
        "ttyS1" => 0x2f8,
        _ when value.StartsWith("0x", StringComparison.Ordinal)
            && ushort.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort port) => port,
        _ => throw new KexecException($"Bad serial port base '{value}'", KexecPersonality.Failed, showsUsage: true),
    };

    private static int ReadBaud(string value) =>
        CNumber.TryReadWhole(value, out ulong baud) && baud is >= SlowestBaud and <= FastestBaud && FastestBaud % baud == 0
            ? (int)baud
            : throw new KexecException($"Bad serial port baud rate '{value}'", KexecPersonality.Failed, showsUsage: true);
}
