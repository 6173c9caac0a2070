using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// What is needed of the superblock of an ext2, ext3 or ext4 filesystem (struct ext4_super_block,
/// Documentation/filesystems/ext4/super.rst).
/// </summary>
/// <param name="Uuid">The filesystem's UUID (s_uuid).</param>
/// <param name="Label">Its label (s_volume_name); may be empty.</param>
public readonly record struct Ext4Superblock(Guid Uuid, string Label)
{
    /// <summary>Where on the device it lies, in bytes.</summary>
    public const int DeviceOffset = 1024;

    /// <summary>Its bytes.</summary>
    public const int Size = 1024;

    private const ushort Magic = 0xEF53;
    private const int BlockSizeOffset = 0x18;
    private const int MagicOffset = 0x38;
    private const int RevisionOffset = 0x4C;
    private const int CompatibleOffset = 0x5C;
    private const int IncompatibleOffset = 0x60;
    private const int ReadOnlyCompatibleOffset = 0x64;
    private const int UuidOffset = 0x68;
    private const int LabelOffset = 0x78;
    private const int LabelLength = 16;

    // Blocks of 1 KiB shifted left by this; 64 KiB is the largest.
    private const uint MaxLogBlockSize = 6;

    // The device holds another filesystem's journal and no files.
    private const uint IncompatibleJournalDevice = 0x8;

    // Features that ext2 and ext3 know: has_journal; filetype, needs_recovery, meta_bg; sparse_super, large_file, btree_dir.
    private const uint CompatibleJournal = 0x4;
    private const uint IncompatibleOfOld = 0x2 | 0x4 | 0x10;
    private const uint ReadOnlyOfOld = 0x1 | 0x2 | 0x4;

    /// <summary>Which of the three it is by its features: <c>ext2</c>, <c>ext3</c> or <c>ext4</c>.</summary>
    public string Kind { get; private init; } = "ext4";

    /// <summary>Reads one; false when the bytes are no superblock of a filesystem that can be mounted.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Ext4Superblock? superblock)
    {
        superblock = null;
        if (bytes.Length < Size
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[MagicOffset..]) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[BlockSizeOffset..]) > MaxLogBlockSize
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[RevisionOffset..]) > 1
            || (BinaryPrimitives.ReadUInt32LittleEndian(bytes[IncompatibleOffset..]) & IncompatibleJournalDevice) != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> label = bytes.Slice(LabelOffset, LabelLength);
        int end = label.IndexOf((byte)0);
        superblock = new Ext4Superblock(
            new Guid(bytes.Slice(UuidOffset, 16), bigEndian: true),
            Encoding.UTF8.GetString(end < 0 ? label : label[..end]))
        {
            Kind = KindOf(bytes),
        };
        return true;
    }

    private static string KindOf(ReadOnlySpan<byte> bytes)
    {
        uint incompatible = BinaryPrimitives.ReadUInt32LittleEndian(bytes[IncompatibleOffset..]);
        uint readOnly = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ReadOnlyCompatibleOffset..]);
        return (incompatible & ~IncompatibleOfOld) != 0 || (readOnly & ~ReadOnlyOfOld) != 0 ? "ext4"
            : (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CompatibleOffset..]) & CompatibleJournal) != 0 ? "ext3"
            : "ext2";
    }
}
