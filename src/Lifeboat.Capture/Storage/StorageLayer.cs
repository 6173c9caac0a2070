namespace Lifeboat.Capture.Storage;

/// <summary>One device of a stack that has to be set up before what is above it can be seen.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Device">The kernel's name on the running machine, such as <c>dm-3</c> or <c>md127</c>; another one at the crash.</param>
/// <param name="Name">Its own name: <c>VG/LV</c>, <c>md127</c>, of others that of device-mapper.</param>
/// <param name="Members">What it is made of, as the capture kernel can tell it.</param>
public sealed record StorageLayer(StorageLayerKind Kind, string Device, string Name, IReadOnlyList<StorageMember> Members)
{
    /// <summary>The UUID or WWID that its tool finds it by; empty when the name is enough.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Modules of it, beside those of device-mapper that the running kernel has loaded.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>How another host's disk is connected to; null for a layer of this machine.</summary>
    public StorageConnection? Connection { get; init; }

    /// <summary>It as a person calls it, such as <c>the thin volume vg/crash of LVM</c>.</summary>
    public override string ToString() => Kind switch
    {
        StorageLayerKind.LogicalVolume => $"the volume {Name} of LVM",
        StorageLayerKind.ThinVolume => $"the thin volume {Name} of LVM",
        StorageLayerKind.Encrypted => $"the encrypted device {Name}",
        StorageLayerKind.Raid => $"the array {Name} of mdraid",
        StorageLayerKind.Multipath => $"the multipath device {Name}",
        StorageLayerKind.Partition => $"the partition {Name} of a multipath device",
        StorageLayerKind.Iscsi => $"the iSCSI target {Name}",
        _ => $"the NVMe target {Name}",
    };
}
