namespace Lifeboat.Capture.Storage;

/// <summary>What stands between a filesystem and the disks.</summary>
public enum StorageLayerKind
{
    /// <summary>A volume of LVM: linear, striped, mirrored, a snapshot, one with a cache.</summary>
    LogicalVolume,

    /// <summary>A volume of LVM in a thin pool.</summary>
    ThinVolume,

    /// <summary>A device that dm-crypt opens (LUKS).</summary>
    Encrypted,

    /// <summary>An array of mdraid.</summary>
    Raid,

    /// <summary>Several ways to one disk.</summary>
    Multipath,

    /// <summary>A partition that user space has made (kpartx): the kernel reads no table on a multipath device.</summary>
    Partition,

    /// <summary>A disk of an iSCSI target.</summary>
    Iscsi,

    /// <summary>A namespace of an NVMe target over TCP.</summary>
    NvmeTcp,
}
