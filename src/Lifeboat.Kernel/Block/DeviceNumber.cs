using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Block;

/// <summary>A driver's number (major) for character or block devices, as /proc/devices lists them.</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class DeviceNumber
{
    private readonly CrashedKernel _kernel;

    internal DeviceNumber(CrashedKernel kernel, KernelObject entry) => (_kernel, Object) = (kernel, entry);

    /// <summary>The <c>struct char_device_struct</c> or <c>struct blk_major_name</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The number.</summary>
    public long? Major => Object.SignedNumber("major");

    /// <summary>The driver's first number within it; zero for block devices.</summary>
    public long? FirstMinor => Object.Type.TryFindMember("baseminor", out _) ? Object.SignedNumber("baseminor") : 0;

    /// <summary>How many numbers within it are the driver's; null for block devices.</summary>
    public long? MinorCount => Object.SignedNumber("minorct");

    /// <summary>The driver's name for it.</summary>
    public string? Name => Object.TextOf("name", 64);

    /// <summary>The character device (<c>struct cdev</c>) of its first number; null when there is none.</summary>
    public KernelObject? CharacterDevice => Object.Type.TryFindMember("baseminor", out _) && Major is { } major && FirstMinor is { } minor
        ? DeviceNumbers.CharacterDeviceOf(_kernel, major, minor) : null;

    /// <summary>The functions of the character device (<c>struct file_operations</c>).</summary>
    public VirtualAddress? Operations => CharacterDevice?.AddressIn("ops");
}
