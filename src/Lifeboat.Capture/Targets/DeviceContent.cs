namespace Lifeboat.Capture.Targets;

/// <summary>What a block device holds, by the signatures on it; names and texts are those of <c>blkid -p</c>.</summary>
public sealed class DeviceContent
{
    internal DeviceContent(string kind, string uuid, string label)
    {
        Kind = kind;
        Uuid = uuid;
        Label = label;
    }

    /// <summary>
    /// A filesystem's kind, such as <c>ext4</c> or <c>vfat</c>; or what the device is a part of, such as
    /// <c>linux_raid_member</c>, <c>LVM2_member</c>, <c>crypto_LUKS</c>.
    /// </summary>
    public string Kind { get; }

    /// <summary>Its UUID; <c>1A2B-3C4D</c> for vfat; empty when the format has none.</summary>
    public string Uuid { get; }

    /// <summary>Its label; may be empty.</summary>
    public string Label { get; }

    /// <summary>Whether it is a filesystem that can be mounted, not a part of something larger or an encrypted device.</summary>
    public bool IsFileSystem { get; internal init; } = true;

    /// <summary>How many devices the filesystem lies on; only btrfs has more than one.</summary>
    public int Devices { get; internal init; } = 1;

    /// <inheritdoc/>
    public override string ToString() => Uuid.Length == 0 ? Kind : $"{Kind} UUID={Uuid}";
}
