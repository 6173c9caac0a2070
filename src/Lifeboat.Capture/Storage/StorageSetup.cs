using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Storage;

/// <summary>Carries out plans in the capture kernel: waits for the devices that a step needs, runs its program, names what has appeared.</summary>
/// <param name="time">Measures the waiting.</param>
/// <param name="note">Takes lines about what is done.</param>
/// <param name="run">Runs a program for so long at most; gives why it did not end well.</param>
/// <param name="systemFolder">Where sysfs is mounted.</param>
/// <param name="deviceFolder">Holds the devices' nodes.</param>
internal sealed class StorageSetup(
    TimeProvider time, Action<string> note, Func<string, string[], TimeSpan, string?> run, string systemFolder = "/sys", string deviceFolder = "/dev")
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // What has been run, with why it failed: of two targets on one array the second finds it there.
    private readonly List<(StorageStep Step, string? Failure)> _done = [];

    /// <summary>Runs the steps of a plan that have not been run yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="timeout">How long each step may wait for its devices and run.</param>
    /// <param name="cancellation">Ends the waiting early.</param>
    /// <exception cref="DiagnosticException">A step failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal void Run(StoragePlan plan, TimeSpan timeout, CancellationToken cancellation)
    {
        foreach (StorageStep step in plan.Steps)
        {
            int known = _done.FindIndex(done => IsSame(done.Step, step));
            string? failure = known >= 0 ? _done[known].Failure : Run(step, timeout, cancellation);
            if (known < 0)
            {
                _done.Add((step, failure));
            }

            if (failure is not null)
            {
                throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.StorageNotUp, $"{step.Name} could not be set up")
                {
                    Where = plan.Target,
                    Found = failure,
                    Expected = $"{Path.GetFileName(step.Program)} to end well",
                    Remedy = "Its own words stand above; is the driver of each disk in the ramdisk?",
                });
            }
        }
    }

    private string? Run(StorageStep step, TimeSpan timeout, CancellationToken cancellation)
    {
        string? missing = WaitFor(step.Members, timeout / 2, cancellation);
        note($"{step.Name} is set up{(missing is null ? "" : $" without {missing}")}");
        string? failure = run(step.Program, [.. step.Arguments], timeout);
        NameDevices();
        return failure is null || missing is null ? failure : $"{failure}; missing: {missing}";
    }

    // What is missing at the end; null when everything is there.
    private string? WaitFor(IReadOnlyList<StorageMember> members, TimeSpan timeout, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            string? missing = MissingOf(members);
            if (missing is null || time.GetElapsedTime(start) >= timeout)
            {
                return missing;
            }

            using var elapsed = new ManualResetEventSlim();
            using ITimer timer = time.CreateTimer(_ => elapsed.Set(), null, Pause, Timeout.InfiniteTimeSpan);
            elapsed.Wait(cancellation);
        }
    }

    private string? MissingOf(IReadOnlyList<StorageMember> members)
    {
        var counts = new int[members.Count];
        string folder = Path.Combine(systemFolder, "class/block");
        foreach (string entry in Directory.Exists(folder) && members.Count > 0 ? Directory.GetFileSystemEntries(folder) : [])
        {
            // In /sys a '/' of a device's name is written '!'.
            DeviceContent? content = FileSystemProbe.Read(Path.Combine(deviceFolder, Path.GetFileName(entry).Replace('!', '/')), entry);
            string wwid = Path.Combine(entry, "device/wwid");
            string disk = File.Exists(wwid) ? File.ReadAllText(wwid).Trim() : "";
            for (int i = 0; i < counts.Length; i++)
            {
                StorageMember member = members[i];
                bool isIt = member.Kind == StorageMember.Wwid ? member.Value == disk : content?.Kind == member.Kind && content.Uuid == member.Value;
                counts[i] += isIt ? 1 : 0;
            }
        }

        var missing = new List<string>();
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] < members[i].Count)
            {
                missing.Add($"{members[i].Count - counts[i]} of {members[i].Count} with {members[i]}");
            }
        }

        return missing.Count == 0 ? null : string.Join(", ", missing);
    }

    // As udev would: /dev/mapper/NAME for what device-mapper has made.
    private void NameDevices()
    {
        string folder = Path.Combine(systemFolder, "class/block");
        foreach (string entry in Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, "dm-*") : [])
        {
            string name = Path.Combine(entry, "dm/name");
            string link = Path.Combine(deviceFolder, "mapper", File.Exists(name) ? File.ReadAllText(name).Trim() : "control");
            if (!Path.Exists(link))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(link)!);
                File.CreateSymbolicLink(link, $"../{Path.GetFileName(entry)}");
            }
        }
    }

    private static bool IsSame(StorageStep one, StorageStep other)
    {
        if (one.Program != other.Program || one.Arguments.Count != other.Arguments.Count)
        {
            return false;
        }

        for (int i = 0; i < one.Arguments.Count; i++)
        {
            if (one.Arguments[i] != other.Arguments[i])
            {
                return false;
            }
        }

        return true;
    }
}
