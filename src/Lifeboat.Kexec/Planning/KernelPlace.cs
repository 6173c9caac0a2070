using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;

namespace Lifeboat.Kexec.Planning;

/// <summary>Where an image may lie by its own account.</summary>
internal static class KernelPlace
{
    /// <summary>The lowest start at <paramref name="bottom"/> or above; the only one when the image does not relocate.</summary>
    internal static PhysicalAddress Lowest(KernelImage image, PhysicalAddress bottom) =>
        !image.IsRelocatable || bottom <= image.PreferredAddress
            ? image.PreferredAddress.AlignUp(image.Alignment)
            : bottom.AlignUp(image.Alignment);

    /// <summary>What the image takes when it starts at <paramref name="start"/>.</summary>
    internal static PhysicalRange At(KernelImage image, PhysicalAddress start) =>
        PhysicalRange.FromLength(start, image.MemorySize.AlignUp(ByteCount.Page));
}
