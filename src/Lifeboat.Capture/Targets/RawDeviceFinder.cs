using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Capture.Targets;

/// <summary>Finds the partition or disk of a raw target, and waits for it to appear.</summary>
/// <param name="time">Measures the waiting.</param>
/// <param name="classFolder">Lists the block devices by name.</param>
/// <param name="deviceFolder">Holds their nodes.</param>
public sealed class RawDeviceFinder(TimeProvider time, string classFolder = "/sys/class/block", string deviceFolder = "/dev")
{
    private const string UuidPrefix = "PARTUUID=";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The path of the device now; null when it is not there.</summary>
    /// <param name="device"><c>/dev/…</c> or <c>PARTUUID=…</c>.</param>
    public string? Find(string device)
    {
        if (!device.StartsWith(UuidPrefix, StringComparison.Ordinal))
        {
            string path = deviceFolder + device["/dev".Length..];
            return File.Exists(path) ? path : null;
        }

        if (!Directory.Exists(classFolder))
        {
            return null;
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(classFolder))
        {
            if (UuidOf(entry) is { } uuid && uuid.Equals(device[UuidPrefix.Length..], StringComparison.OrdinalIgnoreCase))
            {
                return NodeOf(entry);
            }
        }

        return null;
    }

    /// <summary>The path of the device, once it is there.</summary>
    /// <param name="device"><c>/dev/…</c> or <c>PARTUUID=…</c>.</param>
    /// <param name="timeout">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <exception cref="DiagnosticException">It did not appear.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public string WaitFor(string device, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            if (Find(device) is { } path)
            {
                return path;
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new DiagnosticException(new Diagnostic(
                    CaptureDiagnostics.TargetNotFound, $"The target {device} did not appear within {timeout.TotalSeconds:0.#} s")
                {
                    Expected = device,
                    Remedy = "Check the line raw of the settings against lsblk -o NAME,PARTUUID, and that the disk's driver is in the ramdisk",
                });
            }

            using var elapsed = new ManualResetEventSlim();
            using ITimer timer = time.CreateTimer(_ => elapsed.Set(), null, Pause, Timeout.InfiniteTimeSpan);
            elapsed.Wait(cancellationToken);
        }
    }

    /// <summary>Whether a word chooses a partition by its number in the disk's table.</summary>
    internal static bool IsPartitionUuid(string word)
    {
        if (!word.StartsWith(UuidPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        string value = word[UuidPrefix.Length..];
        return Guid.TryParseExact(value, "D", out _)
            || (value.Length == 11 && value[8] == '-'
                && uint.TryParse(value.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
                && byte.TryParse(value.AsSpan(9), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _));
    }

    // In /sys a partition lies in the folder of its disk.
    private string? UuidOf(string entry)
    {
        try
        {
            if (!int.TryParse(SystemFile.Text(entry, "partition"), NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
                || Path.GetDirectoryName(Directory.ResolveLinkTarget(entry, returnFinalTarget: true)?.FullName) is not { } disk)
            {
                return null;
            }

            int sectorSize = int.TryParse(
                SystemFile.Text(disk, "queue/logical_block_size"), NumberStyles.None, CultureInfo.InvariantCulture, out int read) ? read : 512;
            using SafeFileHandle handle = File.OpenHandle(NodeOf(disk), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return PartitionTable.UuidOf(handle, sectorSize, partition);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that is going away.
            return null;
        }
    }

    // In /sys a '/' of a device's name is written '!'.
    private string NodeOf(string entry) => Path.Combine(deviceFolder, Path.GetFileName(entry).Replace('!', '/'));
}
