using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>A swap area (<c>struct swap_info_struct</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class SwapArea
{
    private const long UsageMask = (1L << 62) - 1; // from 6.14 on bit 62 says that the area is full

    private const ulong FormatMask = 0xf000; // S_IFMT
    private const ulong BlockDevice = 0x6000; // S_IFBLK

    private readonly CrashedKernel _kernel;

    internal SwapArea(CrashedKernel kernel, int number, KernelObject area) => (_kernel, Number, Object) = (kernel, number, area);

    /// <summary>Its number, by which page tables name it.</summary>
    public int Number { get; }

    /// <summary>The <c>struct swap_info_struct</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The device or file.</summary>
    public string? Path => Object["swap_file"] is { Pointer: { Value: not 0 } } file ? FilePaths.Of(_kernel, file.Target["f_path"]) : null;

    /// <summary>Whether it is a device rather than a file.</summary>
    public bool? IsPartition => Object["swap_file.f_inode.i_mode"].Unsigned is { } mode ? (mode & FormatMask) == BlockDevice : null;

    /// <summary>Its size without its first page.</summary>
    public ByteCount? Size => Object["pages"].Unsigned is { } pages ? new ByteCount(pages * Pfn.PageSize) : null;

    /// <summary>How much of it is used.</summary>
    public ByteCount? Used =>
        (Object["inuse_pages"] is var count && count.TryGet("counter", out KernelObject? atomic) ? atomic : count).Signed is { } pages
            ? new ByteCount((ulong)(pages & UsageMask) * Pfn.PageSize) : null;

    /// <summary>Areas of a higher number are filled first.</summary>
    public long? Priority => Object["prio"].Signed;
}
