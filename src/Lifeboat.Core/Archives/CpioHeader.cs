using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Lifeboat.Core.Archives;

/// <summary>
/// The header of one entry of a cpio archive in the "newc" form, 110 bytes of ASCII: a magic and thirteen numbers
/// of eight hex digits (Documentation/driver-api/early-userspace/buffer-format.rst).
/// </summary>
internal readonly struct CpioHeader
{
    internal const int Size = 110;
    internal const string TrailerName = "TRAILER!!!";

    private const int FieldCount = 13;
    private const int FieldLength = 8;

    internal uint Inode { get; init; }

    internal uint Mode { get; init; }

    internal uint UserId { get; init; }

    internal uint GroupId { get; init; }

    internal uint LinkCount { get; init; }

    internal uint ModificationTime { get; init; }

    internal uint FileSize { get; init; }

    internal uint DeviceMajor { get; init; }

    internal uint DeviceMinor { get; init; }

    internal uint NodeMajor { get; init; }

    internal uint NodeMinor { get; init; }

    /// <summary>Bytes of the name with its NUL.</summary>
    internal uint NameSize { get; init; }

    internal uint Checksum { get; init; }

    private static ReadOnlySpan<byte> Magic => "070701"u8;

    internal static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CpioHeader? header)
    {
        header = null;
        if (bytes.Length < Size || !bytes.StartsWith(Magic))
        {
            return false;
        }

        Span<uint> fields = stackalloc uint[FieldCount];
        for (int field = 0; field < FieldCount; field++)
        {
            ReadOnlySpan<byte> digits = bytes.Slice(Magic.Length + (field * FieldLength), FieldLength);
            if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out fields[field]))
            {
                return false;
            }
        }

        header = new CpioHeader
        {
            Inode = fields[0],
            Mode = fields[1],
            UserId = fields[2],
            GroupId = fields[3],
            LinkCount = fields[4],
            ModificationTime = fields[5],
            FileSize = fields[6],
            DeviceMajor = fields[7],
            DeviceMinor = fields[8],
            NodeMajor = fields[9],
            NodeMinor = fields[10],
            NameSize = fields[11],
            Checksum = fields[12],
        };
        return true;
    }

    internal void WriteTo(Span<byte> target)
    {
        Magic.CopyTo(target);
        ReadOnlySpan<uint> fields =
        [
            Inode, Mode, UserId, GroupId, LinkCount, ModificationTime, FileSize, DeviceMajor, DeviceMinor,
            NodeMajor, NodeMinor, NameSize, Checksum,
        ];
        for (int field = 0; field < fields.Length; field++)
        {
            Encoding.ASCII.GetBytes(
                fields[field].ToString("X8", CultureInfo.InvariantCulture),
                target.Slice(Magic.Length + (field * FieldLength), FieldLength));
        }
    }
}
