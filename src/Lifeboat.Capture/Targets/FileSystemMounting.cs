namespace Lifeboat.Capture.Targets;

/// <summary>How a kind of filesystem is mounted to be saved to, and what it cannot hold.</summary>
internal readonly struct FileSystemMounting(string kind)
{
    private const string TopOfBtrfs = "subvolid=5";
    private const long LargestVfatFile = uint.MaxValue;

    /// <summary>The kernel's driver: ext2 and ext3 are ext4 to it.</summary>
    internal string Driver => kind is "ext2" or "ext3" ? "ext4" : kind;

    /// <summary>Bytes that a file can have; null for no limit that a dump could reach.</summary>
    internal long? LargestFile => kind == "vfat" ? LargestVfatFile : null;

    /// <summary>Options of the filesystem's own; null for none. Whatever is a journal to it is replayed: that needs no option.</summary>
    /// <param name="devices">Its devices.</param>
    /// <param name="fromTop">Whether paths count from the top of btrfs's subvolumes, not from its default one.</param>
    internal string? OptionsFor(IReadOnlyList<string> devices, bool fromTop) => kind switch
    {
        // It knows no owners; and the kernel's own default may name a table that the ramdisk has not.
        "vfat" => "umask=0077,codepage=437,iocharset=ascii",

        // Nothing has scanned for its other devices.
        "btrfs" when devices.Count > 1 => (fromTop ? TopOfBtrfs + "," : "") + "device=" + string.Join(",device=", devices),
        "btrfs" when fromTop => TopOfBtrfs,
        _ => null,
    };
}
