using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>A kernel that can be put into memory and started, whatever file it came in.</summary>
/// <remarks>
/// <para><b>Ownership.</b> Refers to the bytes it was made from; they must not change.</para>
/// </remarks>
public abstract class KernelImage
{
    private protected KernelImage(string name) => Name = name;

    /// <summary>What the image is called in messages: its path.</summary>
    public string Name { get; }

    /// <summary>What kind of image it is: <c>bzImage</c>, <c>ELF vmlinux</c>.</summary>
    public abstract string Format { get; }

    /// <summary>How it is started.</summary>
    public abstract KernelEntry Entry { get; }

    /// <summary>Its first instruction, from the image's start.</summary>
    public abstract ByteCount EntryOffset { get; }

    /// <summary>What lies in memory, ascending by offset, none overlapping another.</summary>
    public abstract IReadOnlyList<ImagePart> Parts { get; }

    /// <summary>Memory the kernel needs from its start on until it reads the memory map: at least the end of the last part.</summary>
    public abstract ByteCount MemorySize { get; }

    /// <summary>What the address of its start must be a multiple of.</summary>
    public abstract ByteCount Alignment { get; }

    /// <summary>The lowest address it runs at; the only one unless it <see cref="IsRelocatable"/>.</summary>
    public abstract PhysicalAddress PreferredAddress { get; }

    /// <summary>Whether it runs at any higher address that is aligned.</summary>
    public abstract bool IsRelocatable { get; }

    /// <summary>Whether kernel, boot parameters and ramdisk may lie above 4 GiB.</summary>
    public abstract bool CanBeLoadedAbove4G { get; }

    /// <summary>The highest address that a byte of the ramdisk may have.</summary>
    public abstract PhysicalAddress MaxRamdiskAddress { get; }

    /// <summary>Whether the entry works when the machine pages with five levels.</summary>
    public abstract bool SupportsFiveLevelPaging { get; }

    /// <summary>The longest command line the kernel takes, without the ending NUL.</summary>
    public abstract int MaxCommandLineLength { get; }

    /// <summary>
    /// The version string of the kernel inside, as <c>uname -rv</c> has it; null when the image names none.
    /// </summary>
    public virtual string? KernelVersion => null;

    /// <summary>The kernel's release, the first word of <see cref="KernelVersion"/>; null when there is none.</summary>
    public string? Release => KernelVersion?.Split(' ', 2)[0];

    /// <summary>
    /// The setup header to start boot_params with, from <see cref="SetupHeader.FileOffset"/> on; empty when the image has none.
    /// </summary>
    internal virtual ReadOnlyMemory<byte> SetupHeaderBytes => default;
}
