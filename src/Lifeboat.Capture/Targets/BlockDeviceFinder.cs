using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;
using Microsoft.Win32.SafeHandles;

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

    /// <summary>The path of the device that <paramref name="selector"/> chooses now; null when none is there.</summary>
    public string? Find(DeviceSelector selector) => Find(selector, []);

    /// <summary>The path of the device that <paramref name="selector"/> chooses, once it is there.</summary>
    /// <param name="selector">Chooses it.</param>
    /// <param name="timeout">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <exception cref="DiagnosticException">It did not appear; the diagnostic lists what is there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public string WaitFor(DeviceSelector selector, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            var seen = new List<string>();
            if (Find(selector, seen) is { } device)
            {
                return device;
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                throw NotFound(selector, timeout, seen);
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

    private static Ext4Superblock? ReadSuperblock(string device)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[Ext4Superblock.Size];
            int length = RandomAccess.Read(handle, bytes, Ext4Superblock.DeviceOffset);
            return Ext4Superblock.TryParse(bytes.AsSpan(0, length), out Ext4Superblock? superblock) ? superblock : null;
        }
        catch (IOException)
        {
            // A drive without a medium, or one that is going away.
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string? Find(DeviceSelector selector, List<string> seen)
    {
        if (selector.Kind == DeviceSelectorKind.Path)
        {
            string path = deviceFolder + selector.Value["/dev".Length..];
            if (File.Exists(path))
            {
                return path;
            }
        }

        if (!Directory.Exists(classFolder))
        {
            return null;
        }

        foreach (string name in Directory.EnumerateFileSystemEntries(classFolder).Select(entry => Path.GetFileName(entry))
            .Order(StringComparer.Ordinal))
        {
            // In /sys a '/' of a device's name is written '!'.
            string device = Path.Combine(deviceFolder, name.Replace('!', '/'));
            Ext4Superblock? superblock = ReadSuperblock(device);
            if (superblock is { } found && Matches(selector, found))
            {
                return device;
            }

            seen.Add(superblock is { } other ? $"{name} (ext4 UUID={other.Uuid})" : name);
        }

        return null;
    }

    private static bool Matches(DeviceSelector selector, Ext4Superblock superblock) => selector.Kind switch
    {
        DeviceSelectorKind.Uuid => superblock.Uuid.ToString("D") == selector.Value,
        DeviceSelectorKind.Label => superblock.Label == selector.Value,
        _ => false,
    };
}
