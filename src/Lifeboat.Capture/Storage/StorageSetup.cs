using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

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
    /// <summary>In an argument: how many sectors the devices of the step have.</summary>
    internal const string Sectors = "{sectors}";

    /// <summary>In an argument: the devices of the step as paths of a multipath table, each a group of its own: one is used until it fails.</summary>
    internal const string Paths = "{paths}";

    /// <summary>In an argument: the number of the step's device, as <c>MAJOR:MINOR</c>.</summary>
    internal const string Device = "{device}";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // What has been run, with why it failed: of two targets on one array the second finds it there.
    private readonly List<(StorageStep Step, string? Failure)> _done = [];

    private bool _hasKeys;

    /// <summary>Sets up the network to a host.</summary>
    internal Action<string, CancellationToken> Reach { get; init; } = static (_, _) => { };

    /// <summary>Takes over the keys that the crashed kernel has handed over; gives why it could not.</summary>
    internal Func<string?> TakeKeys { get; init; } = static () => "nothing hands keys over";

    /// <summary>Runs the steps of a plan that have not been run yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="timeout">How long each step may wait for its devices and run.</param>
    /// <param name="cancellation">Ends the waiting early.</param>
    /// <exception cref="DiagnosticException">A step failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal void Run(StoragePlan plan, TimeSpan timeout, CancellationToken cancellation)
    {
        var lost = new List<string>();
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
                lost.Add(failure);
            }

            // Of several ways to disks of other hosts one may suffice: what is made of the disks tells, or else that none is left.
            if (failure is not null && (step.Host is null || lost.Count == plan.Steps.Count))
            {
                throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.StorageNotUp, $"{step.Name} could not be set up")
                {
                    Where = plan.Target,
                    Found = string.Join("; ", lost),
                    Expected = $"{Path.GetFileName(step.Program)} to end well",
                    Remedy = step.Host is null ? "Its own words stand above; is the driver of each disk in the ramdisk?"
                        : "Its own words stand above; does the host let this machine in?",
                });
            }
        }
    }

    private string? Run(StorageStep step, TimeSpan timeout, CancellationToken cancellation)
    {
        if (step.Host is { } host && Unreached(host, cancellation) is { } reason)
        {
            return reason;
        }

        if (step.Key is { } key && !_hasKeys)
        {
            if (TakeKeys() is { } refusal)
            {
                return $"the key {key} was not handed over: {refusal}";
            }

            _hasKeys = true;
        }

        var found = new List<string>();
        string? missing = WaitFor(step.Members, found, timeout / 2, cancellation);
        note($"{step.Name} is set up{(missing is null ? "" : $" without {missing}")}");
        string? failure = run(step.Program, step.Host is null ? Filled(step.Arguments, found) : [.. step.Arguments], timeout);
        NameDevices();
        return failure is null || missing is null ? failure : $"{failure}; missing: {missing}";
    }

    // What the running machine could not know: numbers of devices.
    private static string[] Filled(IReadOnlyList<string> arguments, List<string> devices)
    {
        string paths = $"{devices.Count} 1";
        string sectors = "0";
        string number = "0:0";
        foreach (string device in devices)
        {
            number = SystemFile.Text(device, "dev") ?? number;
            paths += $" service-time 0 1 1 {number} 1";
            sectors = SystemFile.Text(device, "size") ?? "";
        }

        var filled = new string[arguments.Count];
        for (int i = 0; i < filled.Length; i++)
        {
            filled[i] = arguments[i]
                .Replace(Sectors, sectors, StringComparison.Ordinal)
                .Replace(Paths, paths, StringComparison.Ordinal)
                .Replace(Device, number, StringComparison.Ordinal);
        }

        return filled;
    }

    private string? Unreached(string host, CancellationToken cancellation)
    {
        try
        {
            Reach(host, cancellation);
            return null;
        }
        catch (Exception refusal) when (refusal is DiagnosticException or KernelInterfaceException)
        {
            return CaptureRun.Words(refusal);
        }
    }

    // What is missing at the end; null when everything is there.
    private string? WaitFor(IReadOnlyList<StorageMember> members, List<string> found, TimeSpan timeout, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            string? missing = MissingOf(members, found);
            if (missing is null || time.GetElapsedTime(start) >= timeout)
            {
                return missing;
            }

            using var elapsed = new ManualResetEventSlim();
            using ITimer timer = time.CreateTimer(_ => elapsed.Set(), null, Pause, Timeout.InfiniteTimeSpan);
            elapsed.Wait(cancellation);
        }
    }

    private string? MissingOf(IReadOnlyList<StorageMember> members, List<string> found)
    {
        found.Clear();
        var counts = new int[members.Count];
        string folder = Path.Combine(systemFolder, "class/block");
        foreach (string entry in Directory.Exists(folder) && members.Count > 0 ? Directory.GetFileSystemEntries(folder) : [])
        {
            // In /sys a '/' of a device's name is written '!'.
            DeviceContent? content = FileSystemProbe.Read(Path.Combine(deviceFolder, Path.GetFileName(entry).Replace('!', '/')), entry);
            string? disk = SystemFile.Text(entry, "device/wwid");
            for (int i = 0; i < counts.Length; i++)
            {
                StorageMember member = members[i];
                bool isIt = member.Kind == StorageMember.Wwid ? member.Value == disk : content?.Kind == member.Kind && content.Uuid == member.Value;
                if (isIt)
                {
                    counts[i]++;
                    found.Add(entry);
                }
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
            if (SystemFile.Text(entry, "dm/name") is { Length: > 0 } name && Path.Combine(deviceFolder, "mapper", name) is var link && !Path.Exists(link))
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
