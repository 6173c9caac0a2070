using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Files;

/// <summary>A file as its file system knows it (<c>struct inode</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelInode
{
    private const int KindShift = 12; // S_IFMT is the top four bits of 16

    internal KernelInode(KernelObject inode) => Object = inode;

    /// <summary>The <c>struct inode</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its number in its file system.</summary>
    public ulong? Number => Object.Number("i_ino");

    /// <summary>What it is.</summary>
    public FileKind? Kind => Object.Number("i_mode") is not { } mode ? null : (int)((mode >> KindShift) & 15) switch
    {
        1 => FileKind.Pipe,
        2 => FileKind.CharacterDevice,
        4 => FileKind.Folder,
        6 => FileKind.BlockDevice,
        8 => FileKind.Regular,
        10 => FileKind.Link,
        12 => FileKind.Socket,
        _ => FileKind.Unknown,
    };

    /// <summary>Its length.</summary>
    public ByteCount? Size => Object.Number("i_size") is { } size ? new ByteCount(size) : null;

    /// <summary>The pages of it that are in the page cache.</summary>
    public ulong? CachedPages => Object.Number("i_mapping.nrpages");

    /// <summary>Where its pages are kept (<c>struct address_space</c>).</summary>
    public VirtualAddress? Mapping => Object.AddressIn("i_mapping");

    /// <summary>The file system that it is in (<c>struct super_block</c>).</summary>
    public VirtualAddress? SuperBlock => Object.AddressIn("i_sb");

    /// <summary>The kind of that file system: <c>ext4</c>, <c>tmpfs</c>.</summary>
    public string? FileSystem => Object.TextOf("i_sb.s_type.name", 64);
}
