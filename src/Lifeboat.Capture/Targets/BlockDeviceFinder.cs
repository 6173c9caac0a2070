using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Targets;

/// <summary>Finds the block device that a filesystem lies on, and waits for it to appear.</summary>
/// <param name="time">Measures the waiting.</param>
/// <param name="classFolder">Lists the block devices by name.</param>
/// <param name="deviceFolder">Holds their nodes.</param>
public sealed class BlockDeviceFinder(
    TimeProvider time, string classFolder = "/sys/class/block", string deviceFolder = "/dev")
{
    // Drivers probe their disks within milliseconds of being loaded; a look costs one read a device.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(5);

    /// <summary>Told for how long a device has been waited for: at the first look that does not find it, then every 5 s.</summary>
    public Action<TimeSpan>? Waiting { get; init; }

    /// <summary>The path of the device that <paramref name="selector"/> chooses now; null when none is there.</summary>
    public string? Find(DeviceSelector selector) => Find(selector, []) is { Count: > 0 } found ? found[0] : null;

    /// <summary>The paths of all devices of the filesystem that <paramref name="selector"/> chooses; none while one is missing.</summary>
    public IReadOnlyList<string> FindAll(DeviceSelector selector) => Find(selector, []);

    /// <summary>The path of the device that <paramref name="selector"/> chooses, once it is there.</summary>
    /// <param name="selector">Chooses it.</param>
    /// <param name="timeout">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <exception cref="DiagnosticException">It did not appear; the diagnostic lists what is there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public string WaitFor(DeviceSelector selector, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitForAll(selector, timeout, cancellationToken)[0];

    /// <summary>The paths of all devices of the filesystem that <paramref name="selector"/> chooses, once they are there.</summary>
    /// <param name="selector">Chooses it.</param>
    /// <param name="timeout">How long to wait for them.</param>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <exception cref="DiagnosticException">One did not appear; the diagnostic lists what is there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<string> WaitForAll(
        DeviceSelector selector, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        long start = time.GetTimestamp();
        TimeSpan nextWord = TimeSpan.Zero;
        while (true)
        {
            var seen = new List<string>();
            if (Find(selector, seen) is { Count: > 0 } devices)
            {
                return devices;
            }

            TimeSpan waited = time.GetElapsedTime(start);
            if (waited >= timeout)
            {
                throw NotFound(selector, timeout, seen);
            }

            if (waited >= nextWord)
            {
                Waiting?.Invoke(waited);
                nextWord += BetweenWords;
            }

            using var elapsed = new ManualResetEventSlim();
            using ITimer timer = time.CreateTimer(_ => elapsed.Set(), null, Pause, Timeout.InfiniteTimeSpan);
            elapsed.Wait(cancellationToken);
        }
    }

    private static DiagnosticException NotFound(DeviceSelector selector, TimeSpan timeout, List<string> seen) =>
        new(new Diagnostic(
            CaptureDiagnostics.TargetNotFound,
            $"The target {selector} did not appear within {timeout.TotalSeconds:0.#} s")
        {
            Found = seen.Count == 0 ? "no block device at all" : string.Join(", ", seen),
            Expected = selector.ToString(),
            Remedy = seen.Count == 0
                ? "The module of the disk's driver is probably not in the ramdisk: build it with that module"
                : "Check the target line of the settings against blkid, and that the disk's driver is in the ramdisk",
        });

    private List<string> Find(DeviceSelector selector, List<string> seen)
    {
        var found = new List<string>();
        if (selector.Kind == DeviceSelectorKind.Path)
        {
            string path = deviceFolder + selector.Value["/dev".Length..];
            if (File.Exists(path))
            {
                return [path];
            }
        }

        if (!Directory.Exists(classFolder))
        {
            return found;
        }

        foreach (string name in Directory.EnumerateFileSystemEntries(classFolder).Select(entry => Path.GetFileName(entry))
            .Order(StringComparer.Ordinal))
        {
            // In /sys a '/' of a device's name is written '!'.
            string device = Path.Combine(deviceFolder, name.Replace('!', '/'));
            string folder = Path.Combine(classFolder, name);
            DeviceContent? content = FileSystemProbe.Read(device, folder);
            string? holder = HolderOf(folder);
            if (content is { IsFileSystem: true } && holder is null && Matches(selector, content))
            {
                found.Add(device);
                if (found.Count == content.Devices)
                {
                    return found;
                }
            }

            string what = $"{content}{(content is null || holder is null ? "" : ", ")}{(holder is null ? "" : $"part of {holder}")}";
            seen.Add(what.Length == 0 ? name : $"{name} ({what})");
        }

        // Half of a btrfs cannot be mounted.
        return [];
    }

    // A leg of a mirror or a path of a multipath device looks like the filesystem; what holds it is the one to write to.
    private static string? HolderOf(string folder)
    {
        string holders = Path.Combine(folder, "holders");
        return Directory.Exists(holders) ? Path.GetFileName(Directory.EnumerateFileSystemEntries(holders).FirstOrDefault()) : null;
    }

    private static bool Matches(DeviceSelector selector, DeviceContent content) => selector.Kind switch
    {
        DeviceSelectorKind.Uuid => string.Equals(content.Uuid, selector.Value, StringComparison.OrdinalIgnoreCase),
        DeviceSelectorKind.Label => content.Label == selector.Value,
        _ => false,
    };
}
