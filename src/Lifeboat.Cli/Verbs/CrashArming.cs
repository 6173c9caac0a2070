using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary>What <c>arm</c> is about to load, by which call.</summary>
internal sealed class CrashArming
{
    /// <summary>As often is loaded again while CPUs or memory come and go; what comes then has its own event.</summary>
    private const int MaxRefreshes = 3;

    private readonly MachineDescription _machine;
    private readonly string _kernel;
    private readonly LoadFiles _files = new();
    private readonly IReadOnlyList<string> _ramdisks;
    private readonly string _commandLine;
    private readonly IReadOnlyList<string> _keys;
    private readonly PreparedLoad _prepared;

    private CrashArming(
        MachineDescription machine, KexecStatus status, string kernel, IReadOnlyList<string> ramdisks, string? commandLine, string? append,
        KexecCall? wanted)
    {
        _machine = machine;
        _kernel = kernel;
        _ramdisks = ramdisks;
        _commandLine = commandLine ?? CommandLine(append);
        _keys = RamdiskKeys.Of(ramdisks, _files);
        _prepared = new PreparedLoad(
            machine,
            LoaderChoice.Choose(wanted, status, LoaderImage.Of(Opened), onCrash: true, handsKeysOver: _keys.Count > 0),
            mayChange: wanted is null && _keys.Count == 0 && Opened.Image is BzImage,
            _files,
            Plan,
            PrepareFiles);
    }

    public bool HasRamdisk => _ramdisks.Count > 0 || !Opened.Ramdisk.IsEmpty;

    /// <summary>Whether the kernel would refuse it.</summary>
    public bool IsRefused => _prepared.IsRefused;

    public static CrashArming Prepare(
        MachineDescription machine, KexecStatus status, string kernel, IReadOnlyList<string> ramdisks, string? commandLine, string? append,
        KexecCall? wanted) =>
        new(machine, status, kernel, ramdisks, commandLine, append, wanted);

    /// <summary>Loads again what was loaded, where that is needed; says what was done. The caller holds the lock.</summary>
    public static string Refresh()
    {
        if (ArmedImage.Load() is not { } armed)
        {
            return "Nothing to refresh: lifeboat has loaded nothing since this machine was booted";
        }

        KexecStatus status = KexecStatus.Read();
        if (!status.IsArmed)
        {
            return "Nothing to refresh: what was loaded is no longer";
        }

        if (status.HotplugUpdates == true)
        {
            return "Nothing to refresh: the kernel keeps what is loaded up to date by itself";
        }

        string? done = null;
        for (int i = 0; i < MaxRefreshes; i++)
        {
            var machine = MachineDescription.ReadLive();
            if (armed.DifferenceTo(machine) is not { } difference)
            {
                break;
            }

            var arming = new CrashArming(
                machine, KexecStatus.Read(), armed.Kernel, armed.Ramdisks, armed.CommandLine, null, KexecCallNames.Parse(armed.Call));
            arming.Load(terminal: null);
            armed = ArmedImage.Load() ?? armed;
            done = difference;
        }

        return done is null ? "Nothing to refresh: the machine is as it was" : $"Loaded again: {done}";
    }

    public string ToText() => _prepared.ToText();

    public string ToJson() => _prepared.ToJson();

    /// <summary>Loads it and remembers what was loaded.</summary>
    public void Load(Terminal? terminal)
    {
        RamdiskKeys.HandOver(_keys, _prepared.Choice.Call);
        _prepared.Load();
        try
        {
            (ArmedImage.Of(_kernel, _ramdisks, _commandLine, _prepared.Choice.Call, _machine) with
            {
                LoadedBytes = (_prepared.Plan?.Reservation.Length - _prepared.Plan?.Free)?.Value,
            }).Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal?.Note($"what was loaded cannot be remembered for --refresh: {exception.Message}");
        }
    }

    public void PrintLoaded(bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Output.WriteLine(ToJson());
            return;
        }

        _prepared.PrintNotes(terminal);
        terminal.Output.WriteLine(_prepared.Plan is { } plan
            ? $"Armed: a panic starts {plan.KernelName}, loaded into {plan.Reservation.Length} with {plan.Free} free"
            : $"Armed: a panic starts {_kernel}, loaded where the kernel chose");
        terminal.Output.WriteLine($"By {KexecCallNames.NameOf(_prepared.Choice.Call)}: {_prepared.Choice.Reason}");
    }

    private KernelFile Opened => _files.OpenKernel(_kernel);

    // A kernel that brings a command line (UKI) keeps it.
    private string CommandLine(string? append) => Opened.CommandLine is { } own
        ? $"{own} {append}".TrimEnd()
        : CaptureCommandLine.FromRunning(_machine.CommandLine, append, bootCpu: _machine.BootCpu);

    private LoadPlan Plan() => CrashLoadPlanner.Plan(new CrashLoadRequest
    {
        Kernel = Opened,
        Ramdisk = _ramdisks.Count == 0 ? Opened.Ramdisk : _files.Join(_ramdisks),
        CommandLine = _commandLine,
        Machine = _machine,
        Hotplug = _machine.CrashElfCoreHeaderSize is not null,
        HandOver = new HandOverOptions { RandomSeed = RebootImage.NewSeed(), DeviceTree = Opened.DeviceTree },
    });

    private FileLoad PrepareFiles() => FileLoad.Prepare(new FileLoadRequest
    {
        KernelPath = _kernel,
        Kernel = Opened,
        Ramdisks = _ramdisks,
        CommandLine = _commandLine,
        Flags = FileLoadFlags.OnCrash,
    });
}
