using System.Globalization;
using Lifeboat.Core.Linux;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// Tells what a block device holds: one of the filesystems that a dump can be saved to, or a part of an array, a volume
/// group or an encrypted device, whose first bytes may look like the filesystem inside.
/// </summary>
/// <remarks>
/// The signatures of such parts are looked for first, as blkid does: the half of a mirror with its superblock at the end begins
/// with the very filesystem, and writing to it alone would tear the mirror apart.
/// </remarks>
public static class FileSystemProbe
{
    /// <summary>Looks at a device or an image.</summary>
    /// <param name="device">Its path.</param>
    /// <param name="sysfsFolder">
    /// The device's folder in sysfs, which tells a block device's size; null takes the file's own length.
    /// </param>
    /// <returns>What is on it; null when that is nothing known, or it cannot be read.</returns>
    public static DeviceContent? Read(string device, string? sysfsFolder = null)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Read(new DeviceBytes(handle, SizeOf(sysfsFolder) ?? RandomAccess.GetLength(handle)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // A drive without a medium, one that is going away, or one that is not ours to read.
            return null;
        }
    }

    /// <summary>Looks at a device.</summary>
    /// <exception cref="IOException">It fails.</exception>
    internal static DeviceContent? Read(DeviceBytes device) =>
        RaidSuperblock.Find(device) ?? VolumeHeader.Find(device)
        ?? ExtOf(device) ?? XfsSuperblock.Find(device) ?? BtrfsSuperblock.Find(device) ?? FatBootSector.Find(device);

    private static DeviceContent? ExtOf(DeviceBytes device) =>
        Ext4Superblock.TryParse(device.Read(Ext4Superblock.DeviceOffset, Ext4Superblock.Size), out Ext4Superblock? found)
            ? new DeviceContent(found.Value.Kind, found.Value.Uuid.ToString("D"), found.Value.Label) : null;

    // A block device's own length is 0 to stat(2).
    private static long? SizeOf(string? sysfsFolder) =>
        sysfsFolder is not null
        && long.TryParse(SystemFile.Text(sysfsFolder, "size"), NumberStyles.None, CultureInfo.InvariantCulture, out long sectors)
        && sectors <= long.MaxValue / DeviceBytes.SectorSize
            ? sectors * DeviceBytes.SectorSize : null;
}
