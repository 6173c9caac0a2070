using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Purgatory;
using Lifeboat.Kexec.Reporting;

namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>Loads a kernel as kexec's options say.</summary>
internal sealed class KexecImageLoad
{
    private readonly KexecSettings _settings;
    private readonly string _path;
    private readonly MachineDescription _machine;
    private readonly string _commandLine;
    private readonly LoadFiles _files = new();
    private KernelFile _kernel;

    /// <summary>Reads the kernel and the machine.</summary>
    /// <exception cref="KexecException">The options do not go together, or nothing is reserved for a crash.</exception>
    public KexecImageLoad(KexecSettings settings)
    {
        _settings = settings;
        _path = settings.Kernel ?? throw new KexecException("No kernel specified", KexecPersonality.Failed, showsUsage: true);
        _kernel = _files.OpenKernel(_path);
        KexecTypes.Require(settings.Type, _kernel);
        _machine = MachineDescription.ReadLive();
        if (settings.IsForCrash && _machine.Reservation is null)
        {
            throw new KexecException(
                "Memory for crashkernel is not reserved\nPlease reserve memory by passing \"crashkernel=Y@X\" parameter to kernel\n"
                + "Then try to loading kdump kernel");
        }

        if (settings.IsHotplug && _machine.CrashElfCoreHeaderSize is null)
        {
            throw new KexecException("Path /sys/kernel/crash_elfcorehdr_size does not exist, the kernel needs CONFIG_CRASH_HOTPLUG");
        }

        _commandLine = CommandLine();
    }

    /// <summary>Loads it.</summary>
    public void Run(Terminal terminal)
    {
        if (_settings.Call != KexecCall.KexecLoad && TryFileLoad(terminal))
        {
            return;
        }

        LoadPlan plan = Plan();
        if (_settings.IsDebugging)
        {
            terminal.Messages.Write(LoadPlanReport.ToText(plan));
        }

        KexecLoader.Load(plan);
        if (_files.HaveChanged())
        {
            _files.Copy();
            _kernel = _files.OpenKernel(_path);
            KexecLoader.Load(Plan());
        }
    }

    // What only kexec_load can do, or the kernel does not know, goes on to that call when the choice was left open.
    private bool TryFileLoad(Terminal terminal)
    {
        bool isOpen = _settings.Call is null;
        if (isOpen && (_settings.Is32BitEntry || _settings.PreservesContext || _kernel.Image is not BzImage))
        {
            return false;
        }

        if (_settings.Is32BitEntry)
        {
            throw new KexecException("kexec: kexec_file_load has no 32-bit entry: use -c", KexecPersonality.Failed);
        }

        try
        {
            KexecLoader.Load(FileLoad.Prepare(new FileLoadRequest
            {
                KernelPath = _path,
                Kernel = _kernel,
                Ramdisks = _settings.Ramdisk is { } ramdisk ? [ramdisk] : [],
                CommandLine = _commandLine,
                Flags = Flag(_settings.IsForCrash, FileLoadFlags.OnCrash) | Flag(_settings.IsWithoutCma, FileLoadFlags.NoCma)
                    | Flag(_settings.ForcesDeviceTree, FileLoadFlags.ForceDeviceTree),
            }));
            return true;
        }
        catch (KernelInterfaceException refusal) when (isOpen
            && refusal.Errno is Errno.ENOSYS or Errno.EINVAL or Errno.ENOEXEC or Errno.EOPNOTSUPP)
        {
            if (_settings.IsDebugging)
            {
                terminal.Messages.WriteLine($"{refusal.Message}; now kexec_load is tried");
            }

            return false;
        }
    }

    private static FileLoadFlags Flag(bool isSet, FileLoadFlags flag) => isSet ? flag : FileLoadFlags.None;

    private LoadPlan Plan()
    {
        List<BootModule> modules = _settings.Modules.ConvertAll(text => new BootModule(text, _files.Read(text.Split(' ', 2)[0])));
        ReadOnlyMemory<byte> ramdisk = _settings.Ramdisk is { } file ? _files.Read(file) : _kernel.Ramdisk;
        var handOver = new HandOverOptions
        {
            WithoutEfi = _settings.IsWithoutEfi,
            MemoryMapOnCommandLine = _settings.PassesMemoryMap,
            DeviceTree = _settings.DeviceTree is { } tree ? _files.Read(tree) : _kernel.DeviceTree,
            RandomSeed = RebootImage.NewSeed(),
        };
        var purgatory = new PurgatoryOptions
        {
            SkipChecks = _settings.SkipsChecks,
            Serial = _settings.PrintsToSerial ? new SerialPort(_settings.SerialPort, _settings.SerialBaud == 0 ? null : _settings.SerialBaud) : null,
            VgaConsole = _settings.PrintsToVga,
            ResetVga = _settings.ResetsVga,
        };
        return _settings.IsForCrash
            ? CrashLoadPlanner.Plan(new CrashLoadRequest
            {
                Kernel = _kernel,
                Ramdisk = ramdisk,
                CommandLine = _commandLine,
                Machine = _machine,
                HandOver = handOver,
                Purgatory = purgatory,
                Entry32Bit = _settings.Is32BitEntry,
                Modules = modules,
                Hotplug = _settings.IsHotplug,
            })
            : RebootLoadPlanner.Plan(new RebootLoadRequest
            {
                Kernel = _kernel,
                Ramdisk = ramdisk,
                CommandLine = _commandLine,
                Machine = _machine,
                HandOver = handOver,
                Purgatory = purgatory,
                Entry32Bit = _settings.Is32BitEntry,
                Modules = modules,
                MemoryMinimum = new PhysicalAddress(_settings.MemoryMinimum ?? 0),
                MemoryEnd = _settings.MemoryMaximum is { } last and < ulong.MaxValue ? new PhysicalAddress(last + 1) : null,
                PreserveContext = _settings.PreservesContext,
            });
    }

    // A kernel that brings a command line (UKI) keeps it unless one is given.
    private string CommandLine()
    {
        if (!_settings.ReusesCommandLine)
        {
            return _settings.CommandLine ?? _kernel.CommandLine ?? "";
        }

        string kept = KernelParameters.Without(
            _machine.CommandLine, _settings.IsForCrash ? ["BOOT_IMAGE", "crashkernel"] : ["BOOT_IMAGE"]);
        return $"{kept} {_settings.CommandLine}".Trim();
    }
}
