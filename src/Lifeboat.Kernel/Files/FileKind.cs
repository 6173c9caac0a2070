namespace Lifeboat.Kernel.Files;

/// <summary>What an inode is (the kind in <c>i_mode</c>).</summary>
public enum FileKind
{
    /// <summary>None of the others: an anonymous inode, or damage.</summary>
    Unknown,

    /// <summary>A pipe, with a name or without.</summary>
    Pipe,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A file.</summary>
    Regular,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A socket.</summary>
    Socket,
}
