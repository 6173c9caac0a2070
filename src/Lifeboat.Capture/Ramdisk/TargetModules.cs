namespace Lifeboat.Capture.Ramdisk;

/// <summary>Which modules a kind of target needs; what these depend on, the module tree says.</summary>
public static class TargetModules
{
    /// <summary>A disk that a virtual machine gives through virtio.</summary>
    public static IReadOnlyList<string> VirtioDisk { get; } = ["virtio_pci", "virtio_blk"];

    /// <summary>The kinds of filesystem that a dump can be saved to.</summary>
    public static IReadOnlyList<string> FileSystems { get; } = ["ext4"];

    /// <summary>The modules of a kind of filesystem.</summary>
    /// <exception cref="ArgumentException">It is none of <see cref="FileSystems"/>.</exception>
    public static IReadOnlyList<string> ForFileSystem(string kind) =>
        FileSystems.Contains(kind, StringComparer.Ordinal)
            ? [kind]
            : throw new ArgumentException($"'{kind}' is no filesystem that a dump can be saved to", nameof(kind));
}
