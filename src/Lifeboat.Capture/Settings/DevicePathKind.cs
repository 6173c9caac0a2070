namespace Lifeboat.Capture.Settings;

/// <summary>What a path below /dev is to a kernel without udev.</summary>
internal enum DevicePathKind
{
    /// <summary>A name that the kernel gives itself, such as <c>/dev/sda1</c>.</summary>
    Plain,

    /// <summary>A link that udev makes: <c>/dev/disk/by-…/…</c>.</summary>
    Link,

    /// <summary>A device that user space puts together, by its own name: device mapper, mdraid.</summary>
    Mapped,

    /// <summary>A number of device mapper's, another one at each boot: <c>/dev/dm-3</c>.</summary>
    Numbered,

    /// <summary>A name in another folder: the kernel's own (<c>/dev/cciss/…</c>), or a volume group's link.</summary>
    Nested,
}
