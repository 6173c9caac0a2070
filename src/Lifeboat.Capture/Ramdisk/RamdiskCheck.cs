using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>What of a ramdisk would fail at the crash, or is no longer as this machine is: found while it can be mended.</summary>
public sealed partial class RamdiskCheck
{
    private const string BuildAgain = "Build it again: lifeboat ramdisk build, then lifeboat arm";

    private readonly RamdiskContents _ramdisk;
    private readonly RamdiskSurroundings _machine;
    private readonly HashSet<string> _loaded = new(StringComparer.Ordinal);
    private readonly List<SettingFinding> _findings = [];

    private RamdiskCheck(RamdiskContents ramdisk, RamdiskSurroundings machine)
    {
        _ramdisk = ramdisk;
        _machine = machine;
    }

    /// <summary>Checks a ramdisk.</summary>
    /// <returns>What was found: program, modules, settings, target, network. Lines are those of the settings in the ramdisk.</returns>
    public static IReadOnlyList<SettingFinding> Of(RamdiskContents ramdisk, RamdiskSurroundings machine)
    {
        var check = new RamdiskCheck(ramdisk, machine);
        SettingsFile? file = ramdisk.Settings is { } text ? SettingsFile.Read(text, $"{ramdisk.Name}:{RamdiskLayout.Settings}") : null;
        check.CheckProgram();
        check.CheckModules(file?.Settings.Programs.ModuleOptionLines ?? []);
        if (file is not null && ramdisk.Settings is { } settings)
        {
            check._findings.AddRange(SettingsCheck.Of(file));
            check.CheckSettings(settings);
            check.CheckWatchdogs(file.Settings.Watchdog);
            check.CheckFiles(file.Settings);
            foreach (DumpTarget target in file.Settings.Targets)
            {
                if (target is NfsTarget nfs)
                {
                    check.RequireModules(TargetModules.ForNfs(nfs.Version), "nfs, the target's filesystem");
                }
                else if (target is FileSystemTarget fileSystem)
                {
                    check.CheckTarget(fileSystem);
                }
                else if (target is UploadTarget upload)
                {
                    check.CheckUpload(upload);
                }
                else if (target is RawTarget raw)
                {
                    check.CheckRaw(raw);
                }

                if (target.Host is { } host)
                {
                    check.CheckNetwork(host);
                }
            }
        }
        else
        {
            check.Tell(isError: true, CaptureDiagnostics.SettingMissing, "The ramdisk has no settings: a crash could not be saved",
                "no file", RamdiskLayout.Settings, BuildAgain);
        }

        return check._findings;
    }

    private void CheckProgram()
    {
        if (_ramdisk.Find(RamdiskLayout.Init) is not { } init || !ElfSections.IsElf64(init.Content.Span)
            || ElfSections.HasInterpreter(init.Content.Span) || !init.IsExecutable)
        {
            Tell(isError: true, CaptureDiagnostics.BadInitProgram, "The kernel would find no program to start",
                "none, or one that needs shared libraries", $"{RamdiskLayout.Init}, static and executable", BuildAgain);
        }
        else if (!_machine.Program.IsEmpty && !_machine.Program.Span.SequenceEqual(init.Content.Span))
        {
            Tell(isError: false, CaptureDiagnostics.BadRamdisk, "The program in the ramdisk is another one than this",
                $"{init.Content.Length} bytes", $"{_machine.Program.Length} bytes, the same", BuildAgain);
        }
    }

    private void CheckModules(IReadOnlyList<string> moreOptions)
    {
        var modules = new List<byte[]>();
        ModuleOptions? options = null;
        Guard(() => options = _machine.MachineRoot is { } machine ? ModuleOptions.Read(machine, moreOptions) : null);
        foreach (RamdiskModule module in _ramdisk.Modules)
        {
            if (_ramdisk.Find(module.Path) is not { } file || !ModuleName.TryFromPath(module.Path, out ModuleName? name))
            {
                Tell(isError: true, CaptureDiagnostics.ModuleMissing, "A module that is to be loaded is not in the ramdisk", "no file", module.Path, BuildAgain);
                continue;
            }

            _loaded.Add(name.Value);
            modules.Add(file.Content.ToArray());
            string? release = ModuleInfo.TryRead(file.Content.Span)?.KernelRelease;
            if (_machine.KernelRelease is { } wanted && release is not null && release != wanted)
            {
                Tell(isError: true, CaptureDiagnostics.BadModule, $"The module {name} is for another kernel, which refuses it", release, wanted, BuildAgain);
            }

            if (options is not null && options.For(name) is var now && now != module.Parameters)
            {
                Tell(isError: false, CaptureDiagnostics.BadRamdisk, $"The module {name} has other parameters on this machine now",
                    Quoted(module.Parameters), $"{Quoted(now)}, by modprobe.d and the settings", BuildAgain);
            }
        }

        if (_machine is { MachineRoot: { } root, KernelRelease: { } running })
        {
            CheckFirmware(FirmwareFiles.For(modules, running, root));
        }
    }

    private static string Quoted(string parameters) => parameters.Length == 0 ? "none" : parameters;

    private void CheckFirmware(IReadOnlyList<RamdiskFile> files)
    {
        foreach (RamdiskFile file in files)
        {
            if (Find(file.Path) is null)
            {
                Tell(isError: false, CaptureDiagnostics.BadRamdisk, "What a driver may load into its card is here, and not in the ramdisk",
                    "no file", file.Path, BuildAgain);
            }
        }
    }

    private void CheckSettings(string settings)
    {
        if (_machine.Settings is { } now && now != settings)
        {
            Tell(isError: false, CaptureDiagnostics.DoubtfulSetting, "The settings have changed since the ramdisk was built",
                "others", $"those of {RamdiskLayout.Settings} on this machine", BuildAgain);
        }
    }

    private void CheckWatchdogs(TimeSpan? timeout)
    {
        foreach ((bool isFatal, Diagnostic finding) in _machine.Watchdogs?.Check(timeout, HasDriver) ?? [])
        {
            _findings.Add(new SettingFinding(0, isFatal, finding));
        }
    }

    private void CheckTarget(FileSystemTarget target)
    {
        RequireModules(TargetModules.ForFileSystem(target.FileSystem), $"{target.FileSystem}, the target's filesystem");

        if (_machine.FindDevice(target.Device) is not { } device)
        {
            Tell(isError: true, CaptureDiagnostics.TargetNotFound, "The target is not on this machine", "no such device", $"{target.Device}",
                "blkid shows what is there; only root may read the devices");
            return;
        }

        CheckStorage($"{target.Device}", device);
    }

    private void RequireModules(IReadOnlyList<string> names, string of)
    {
        foreach (string name in names)
        {
            RequireModule(name, of);
        }
    }

    private void RequireModule(string name, string of)
    {
        if (!HasDriver(name))
        {
            Tell(isError: true, CaptureDiagnostics.ModuleMissing, $"The driver of {of} is not in the ramdisk", "neither in it nor built into the kernel",
                new ModuleName(name).Value, $"Build it again with --module {new ModuleName(name).Value}, then arm it");
        }
    }

    private bool HasDriver(string name)
    {
        var module = new ModuleName(name);
        return _loaded.Contains(module.Value) || _machine.Modules?.IsBuiltIn(module) == true;
    }

    private void Tell(bool isError, DiagnosticId id, string what, string found, string expected, string remedy) =>
        _findings.Add(new SettingFinding(0, isError, new Diagnostic(id, what)
        {
            Where = _ramdisk.Name,
            Found = found,
            Expected = expected,
            Remedy = remedy,
        }));
}
