namespace Lifeboat.Capture.Storage;

/// <summary>Devices that a layer is made of, told by what lies on them: their names are others at the crash.</summary>
/// <param name="Kind">
/// A kind of content as <c>blkid</c> names it (<c>LVM2_member</c>, <c>linux_raid_member</c>), or <see cref="Wwid"/>.
/// </param>
/// <param name="Value">The content's UUID, or the disk's WWID as sysfs has it.</param>
/// <param name="Count">How many devices have it.</param>
public sealed record StorageMember(string Kind, string Value, int Count)
{
    /// <summary>The kind of a member that is told by its disk's <c>device/wwid</c> in sysfs.</summary>
    public const string Wwid = "wwid";

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Value}";
}
