namespace Lifeboat.Capture.Ramdisk;

/// <summary>Which modules a kind of target needs; what these depend on, the module tree says.</summary>
public static class TargetModules
{
    /// <summary>A disk that a virtual machine gives through virtio.</summary>
    public static IReadOnlyList<string> VirtioDisk { get; } = ["virtio_pci", "virtio_blk"];

    /// <summary>The kinds of filesystem that a dump can be saved to.</summary>
    public static IReadOnlyList<string> FileSystems { get; } = ["ext4", "ext3", "ext2", "xfs", "btrfs", "vfat"];

    /// <summary>The modules of a kind of filesystem.</summary>
    /// <exception cref="ArgumentException">It is none of <see cref="FileSystems"/>.</exception>
    public static IReadOnlyList<string> ForFileSystem(string kind) => kind switch
    {
        "ext4" or "ext3" or "ext2" => ["ext4"],
        "xfs" or "btrfs" => [kind],

        // The tables of characters are those that StoreOpener asks for, whatever the kernel's own defaults.
        "vfat" => ["vfat", "nls_cp437", "nls_ascii"],
        _ => throw new ArgumentException($"'{kind}' is no filesystem that a dump can be saved to", nameof(kind)),
    };

    /// <summary>The modules of NFS.</summary>
    /// <param name="version">The protocol's version; null for all that are tried.</param>
    public static IReadOnlyList<string> ForNfs(string? version) => version switch
    {
        null => ["nfs", "nfsv4", "nfsv3"],
        "3" => ["nfs", "nfsv3"],
        _ => ["nfs", "nfsv4"],
    };
}
