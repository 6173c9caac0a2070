using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;

namespace Lifeboat.Drill;

/// <summary>
/// The settings of a drill's capture: a machine's own where there are some, with the drill's disk in place of the machine's and the guest
/// switched off at the end.
/// </summary>
internal sealed class RehearsedSettings
{
    private readonly DrillOptions _options;
    private readonly DumpTargets _remote = DumpTargets.None;

    internal RehearsedSettings(DrillOptions options)
    {
        _options = options;
        foreach (DumpTarget target in options.Settings?.Targets ?? DumpTargets.None)
        {
            if (target.Host is not null)
            {
                _remote = _remote.With(target);
            }
        }
    }

    /// <summary>Whether there are targets on other hosts, which are tried before the disk.</summary>
    internal bool HasRemoteTargets => _remote.Count > 0;

    /// <summary>The folder of the dumps on the disk.</summary>
    internal string Folder => _options.Settings?.Path ?? "/crash";

    /// <summary>The settings.</summary>
    /// <param name="disk">The UUID of the disk's filesystem.</param>
    internal CaptureSettings For(Guid disk) => (_options.Settings ?? new CaptureSettings
    {
        Path = Folder,
        Level = _options.Level,
        Compression = _options.Compression,
        Deadline = _options.StageDeadline,

        // Where the dump is held to a record of all that there was, nothing is erased.
        Erase = _options.SaveTruth ? EraseLines.Unsaid.With("none")! : EraseLines.Unsaid,
    }) with
    {
        Targets = _remote.With(new FileSystemTarget("ext4", DeviceSelector.ForUuid(disk))),
        FinalAction = PowerAction.PowerOff,
        FailureAction = PowerAction.PowerOff,
    };
}
