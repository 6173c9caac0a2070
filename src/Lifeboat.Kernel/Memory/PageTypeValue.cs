namespace Lifeboat.Kernel.Memory;

/// <summary>What <c>page->page_type</c> holds for pages of a type: all of it until 6.11, its highest byte from 6.12 on.</summary>
internal readonly record struct PageTypeValue(uint Value, uint Mask)
{
    private const uint HighByte = 0xff00_0000;

    /// <summary>From VMCOREINFO, else from the kernel's types; one that no page has when neither says.</summary>
    internal static PageTypeValue Find(CrashedKernel kernel, string name)
    {
        if (kernel.Types.TryFindEnumerator($"PGTY_{name}", out long number) && number is > 0 and < 256)
        {
            return new PageTypeValue((uint)number << 24, HighByte);
        }

        if (kernel.Dump.Vmcoreinfo.TryGetNumber($"PAGE_{name.ToUpperInvariant()}_MAPCOUNT_VALUE", out long exported))
        {
            return new PageTypeValue(unchecked((uint)exported), uint.MaxValue);
        }

        return kernel.Types.TryFindEnumerator($"PG_{name}", out long bit) && bit is >= 64 and <= uint.MaxValue
            ? new PageTypeValue(~(uint)bit, uint.MaxValue) : default;
    }

    internal bool Is(uint type) => Mask != 0 && (type & Mask) == Value;
}
