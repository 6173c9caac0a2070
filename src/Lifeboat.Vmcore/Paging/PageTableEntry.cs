using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Paging;

/// <summary>An entry of x86-64's page tables: a page, or what the kernel keeps where a page is not in RAM.</summary>
/// <remarks>
/// <code>
/// present           bit 0 set; bits 12 to 51 the page's address
/// no access         bit 0 clear, bit 8 set: the page is in RAM, its number inverted (PROT_NONE)
/// swapped           both clear: bits 59 to 63 the type, bits 9 to 58 the place, inverted (arch/x86/include/asm/pgtable_64.h)
/// empty             0
/// </code>
/// </remarks>
/// <param name="Value">Its bits.</param>
/// <param name="Size">What it covers.</param>
public readonly record struct PageTableEntry(ulong Value, ByteCount Size)
{
    private const ulong Present = 1;
    private const ulong NoAccess = 1 << 8;
    private const ulong FrameMask = 0x000f_ffff_ffff_f000;
    private const int SwapTypeShift = 59;
    private const int SwapPlaceBits = 50;
    private const int SwapPlaceShift = 9;

    /// <summary>Whether the machine finds a page here.</summary>
    public bool IsPresent => (Value & Present) != 0;

    /// <summary>Whether there is nothing: no page was ever here, or it was given back.</summary>
    public bool IsEmpty => Value == 0;

    /// <summary>Whether the page is in RAM but nobody may touch it.</summary>
    public bool IsWithoutAccess => (Value & (Present | NoAccess)) == NoAccess;

    /// <summary>Whether it names a place in a swap area, or carries another mark of the kernel's in the same form.</summary>
    public bool IsSwap => !IsEmpty && (Value & (Present | NoAccess)) == 0;

    /// <summary>The number of the swap area; numbers that are no area's mark other things, such as pages that move.</summary>
    public int SwapType => (int)(Value >> SwapTypeShift);

    /// <summary>The page's number within its swap area.</summary>
    public Pfn SwapPlace => new((~Value >> SwapPlaceShift) & ((1UL << SwapPlaceBits) - 1));

    /// <summary>Where the page is; null when it is not in RAM.</summary>
    public PhysicalAddress? Physical => !IsPresent && !IsWithoutAccess ? null
        : new PhysicalAddress((IsPresent ? Value : ~Value) & FrameMask & ~(Size.Value - 1));
}
