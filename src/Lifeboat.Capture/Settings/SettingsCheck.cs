using System.Globalization;
using Lifeboat.Capture.Init;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Settings;

/// <summary>
/// What is wrong or doubtful in a settings file: lines that are not understood, and what the understood ones lead to
/// together. Only the file is looked at, so that it can be checked on another machine.
/// </summary>
public static partial class SettingsCheck
{
    /// <summary>Checks a file.</summary>
    /// <returns>What was found in the lines' order, then what is about the whole file.</returns>
    public static IReadOnlyList<SettingFinding> Of(SettingsFile file)
    {
        var findings = new List<SettingFinding>(file.Findings);
        CheckTargets(file, findings);
        CheckTimes(file, findings);
        CheckActions(file, findings);
        CheckDump(file, findings);
        CheckRetention(file, findings);
        CheckPrograms(file, findings);
        findings.Sort(static (left, right) => OrderOf(left).CompareTo(OrderOf(right)));
        return findings;
    }

    private static void CheckTargets(SettingsFile file, List<SettingFinding> findings)
    {
        DumpTargets targets = file.Settings.Targets;
        if (targets.Count == 0)
        {
            findings.Add(new SettingFinding(0, isError: true, new Diagnostic(
                CaptureDiagnostics.SettingMissing, "There is no target: a crash could not be saved")
            {
                Where = file.Name,
                Found = TargetIsWrong(file) ? "only lines that are not understood" : "no line for one",
                Expected = "a line such as local /var/crash, or ext4 UUID=...",
                Remedy = "findmnt -T FOLDER names the filesystem of a folder, blkid DEVICE its UUID",
            }));
        }

        for (int i = 0; i < targets.Count; i++)
        {
            int line = file.LineOfTarget(i).Number;
            for (int earlier = 0; earlier < i; earlier++)
            {
                if (targets[earlier].Equals(targets[i]))
                {
                    findings.Add(Finding(file, line, isError: false, "The same target is tried again after it has failed", $"{targets[i]}",
                        "another target", Text($"Remove the line; line {file.LineOfTarget(earlier).Number} says the same")));
                    break;
                }
            }

            if (targets[i] is FileSystemTarget target)
            {
                CheckFileSystem(file, line, target, findings);
            }
            else if (targets[i] is UploadTarget upload)
            {
                CheckUpload(file, line, upload, findings);
            }
        }
    }

    private static void CheckFileSystem(SettingsFile file, int line, FileSystemTarget target, List<SettingFinding> findings)
    {
        bool isVfat = target.FileSystem == "vfat";
        if (isVfat)
        {
            findings.Add(Finding(file, line, isError: false, "A file on vfat ends at 4 GiB: of a larger dump the rest is missing", $"{target}",
                "ext4, xfs or btrfs", "Leave it if memory is small or dump_level 31 keeps dumps below that"));
        }

        if (target.Device.Kind == DeviceSelectorKind.Uuid && isVfat != (target.Device.Value.Length == "1A2B-3C4D".Length))
        {
            findings.Add(Finding(file, line, isError: true, $"A UUID of {target.FileSystem} does not look like this", $"{target.Device}",
                isVfat ? "UUID=1A2B-3C4D" : "UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11", "blkid prints kind and UUID"));
        }

        if (target.Device.Kind != DeviceSelectorKind.Path)
        {
            return;
        }

        string path = target.Device.Value;
        switch (DevicePath.KindOf(path))
        {
            case DevicePathKind.Link:
                findings.Add(Finding(file, line, isError: true, "The capture kernel has no such name: there is no udev to make it", path,
                    DevicePath.SelectorOf(path) is { } selector ? $"{selector}" : "UUID=... or LABEL=...", "Say UUID=... as blkid prints it"));
                break;
            case DevicePathKind.Mapped:
                // The capture sets it up, and gives it this name.
                break;
            case DevicePathKind.Numbered:
                findings.Add(Finding(file, line, isError: true, "Device mapper numbers its devices anew at each boot", path,
                    "/dev/mapper/NAME, or UUID=...", $"dmsetup info {path} prints the name"));
                break;
            case DevicePathKind.Nested:
                findings.Add(Finding(file, line, isError: false, "The capture kernel may have no such name: there is no udev to make it", path,
                    "a name that the kernel gives", "Say UUID=... as blkid prints it"));
                break;
            default:
                findings.Add(Finding(file, line, isError: false, "Names of devices may change from boot to boot", path, "UUID=...",
                    $"blkid {path} prints it"));
                break;
        }
    }

    private static void CheckTimes(SettingsFile file, List<SettingFinding> findings)
    {
        CaptureSettings settings = file.Settings;
        if (settings.DiskTimeout >= settings.Deadline)
        {
            findings.Add(Finding(file, Last(file, "disk_timeout", "deadline"), isError: false,
                "The deadline for everything comes before the wait for the disk ends",
                Text($"disk_timeout {settings.DiskTimeout.TotalSeconds}, deadline {settings.Deadline.TotalSeconds}"),
                "a deadline with time for the dump, too", "Raise deadline or lower disk_timeout"));
        }

        if (settings.NetTimeout >= settings.Deadline && settings.NetTimeout != CaptureSettings.Defaults.NetTimeout)
        {
            findings.Add(Finding(file, Last(file, "net_timeout", "deadline"), isError: false,
                "The deadline for everything comes before the wait for the network ends",
                Text($"net_timeout {settings.NetTimeout.TotalSeconds}, deadline {settings.Deadline.TotalSeconds}"),
                "a deadline with time for the dump, too", "Raise deadline or lower net_timeout"));
        }
    }

    private static void CheckActions(SettingsFile file, List<SettingFinding> findings)
    {
        CaptureSettings settings = file.Settings;
        if (settings.FinalAction != PowerAction.Reboot && settings.FailureAction == PowerAction.Reboot)
        {
            string final = CaptureSettings.NameOf(settings.FinalAction);
            findings.Add(Finding(file, LineOf(file, "final_action"), isError: false,
                "The machine stays down with its dump saved, and comes back without one",
                $"final_action {final}, failure_action reboot", "the other way round, or both alike",
                $"Say failure_action {final}, too, or final_action reboot"));
        }
    }

    private static void CheckPrograms(SettingsFile file, List<SettingFinding> findings)
    {
        if (file.Settings.FailureAction != PowerAction.Shell && LineOf(file, "shell") is var line and not 0)
        {
            findings.Add(Finding(file, line, isError: false, "The shell is never started", "failure_action "
                + CaptureSettings.NameOf(file.Settings.FailureAction), "failure_action shell", "Remove the line, or say failure_action shell"));
        }
    }

    private static void CheckDump(SettingsFile file, List<SettingFinding> findings)
    {
        CaptureSettings settings = file.Settings;
        if (settings.Level == DumpLevel.None && settings.Compression == DumpCompression.None)
        {
            findings.Add(Finding(file, Last(file, "dump_level", "compression"), isError: false,
                "The dump will be as large as the machine's memory", "dump_level 0, compression none", "either of the two smaller",
                "dump_level 1 leaves out pages of zeros, and compression zstd costs little time"));
        }
    }

    private static void CheckRetention(SettingsFile file, List<SettingFinding> findings)
    {
        CaptureSettings settings = file.Settings;
        bool hasFolder = settings.Targets.Any(static target => target is FileSystemTarget or LocalTarget or NfsTarget);
        if (Last(file, "keep_dumps", "keep_days") is var line and not 0 && settings.Targets.Count > 0 && !hasFolder)
        {
            findings.Add(Finding(file, line, isError: false, "No target is a folder: what is kept there is not for the crashed machine to remove",
                string.Join(", ", settings.Targets.Select(static target => target.Directive)), "a filesystem or NFS",
                "Let the far side remove old crashes: by logrotate or tmpfiles.d there, or by a rule of the object store"));
        }
    }

    // Only the target group's own lines: another directive of the group may have been refused.
    private static bool TargetIsWrong(SettingsFile file)
    {
        foreach (SettingFinding error in file.Errors)
        {
            if (error.Diagnostic.Found?.Split(' ', ',')[0] is { } name
                && SettingDirectives.Find(name)?.Group == SettingDirectives.TargetGroup)
            {
                return true;
            }
        }

        return false;
    }

    private static SettingFinding Finding(
        SettingsFile file, int line, bool isError, string what, string found, string expected, string remedy) =>
        new(line, isError, new Diagnostic(CaptureDiagnostics.DoubtfulSetting, what)
        {
            Where = line == 0 ? file.Name : Text($"{file.Name}:{line}"),
            Found = found,
            Expected = expected,
            Remedy = remedy,
        });

    private static int LineOf(SettingsFile file, string name) => file.LineOf(SettingDirectives.Find(name)!)?.Number ?? 0;

    private static int Last(SettingsFile file, string one, string other) => Math.Max(LineOf(file, one), LineOf(file, other));

    private static int OrderOf(SettingFinding finding) => finding.Line == 0 ? int.MaxValue : finding.Line;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
