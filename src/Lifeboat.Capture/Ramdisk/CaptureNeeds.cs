using Lifeboat.Capture.Network;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Targets;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>
/// What a ramdisk must have beside the program and the settings so that the settings can be carried out: what the targets need, and the
/// programs and modules that the settings name, and the drivers of the machine's watchdogs.
/// </summary>
public sealed class CaptureNeeds
{
    private CaptureNeeds(IReadOnlyList<string> modules, IReadOnlyList<RamdiskFile> files, StorageRoad road, IReadOnlyList<Diagnostic> notices)
    {
        Road = road;
        Modules = modules;
        Files = files;
        Notices = notices;
    }

    /// <summary>Modules, without what they depend on; those that have to be loaded soon first.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>Files of this machine, and made ones.</summary>
    public IReadOnlyList<RamdiskFile> Files { get; }

    /// <summary>How the ramdisk comes to the programs that the targets' storage needs.</summary>
    public StorageRoad Road { get; }

    /// <summary>What its reader should know of how the needs are met.</summary>
    public IReadOnlyList<Diagnostic> Notices { get; }

    /// <summary>What settings need.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="devices">Finds the devices of the running machine.</param>
    /// <param name="plan">Plans the way to a host; null asks the running machine.</param>
    /// <param name="watchdogs">The machine's watchdogs; null for a machine that is not this one.</param>
    /// <exception cref="DiagnosticException">
    /// A target cannot be saved to, or a program, key or certificate is missing: it would be so at the crash, too.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static CaptureNeeds Of(
        CaptureSettings settings, BlockDeviceFinder devices, Func<string, ICollection<Diagnostic>, NetworkPlan>? plan = null,
        WatchdogNeeds? watchdogs = null)
    {
        TargetNeeds targets = TargetNeeds.Of(settings.Targets, devices, plan);
        var notices = new List<Diagnostic>(targets.Notices);
        foreach ((_, Diagnostic notice) in watchdogs?.Check(settings.Watchdog, static _ => true) ?? [])
        {
            notices.Add(notice);
        }

        var road = StorageRoad.For(targets.Storage);
        return new CaptureNeeds(
            [.. watchdogs?.Modules(settings.Watchdog) ?? [], .. settings.Programs.ExtraModuleNames, .. targets.Modules],
            [.. targets.Files, .. road.Files, .. Others(HostFiles.For(settings), road.Files)],
            road,
            notices);
    }

    // Programs share libraries, whichever way they came.
    private static List<RamdiskFile> Others(IReadOnlyList<RamdiskFile> files, IReadOnlyList<RamdiskFile> known)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (RamdiskFile file in known)
        {
            paths.Add(file.Path);
        }

        var others = new List<RamdiskFile>();
        foreach (RamdiskFile file in files)
        {
            if (paths.Add(file.Path))
            {
                others.Add(file);
            }
        }

        return others;
    }
}
