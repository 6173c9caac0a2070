using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>Sections of memory, the pieces in which it can come and go (<c>struct mem_section</c>, CONFIG_SPARSEMEM_EXTREME).</summary>
public static class MemorySections
{
    private const int DefaultBits = 27; // 128 MiB on x86-64
    private const ulong Present = 1;
    private const ulong FlagBits = 0x3f;
    private const ulong Most = 1 << 20;

    /// <summary>The sections that are present, by number; none where the kernel has none or they cannot be read.</summary>
    public static IReadOnlyList<MemorySection> Of(CrashedKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var found = new List<MemorySection>();
        if (!kernel.TryFindGlobal("mem_section", "struct mem_section **", out KernelObject? roots)
            || roots.Pointer is null or { Value: 0 } || !kernel.Types.TryFind("struct mem_section", out KernelType? type)
            || type.Size.Value is 0 or > Pfn.PageSize)
        {
            return found;
        }

        int bits = kernel.Dump.Vmcoreinfo.TryGetNumber("SECTION_SIZE_BITS", out long number) && number is >= 20 and <= 40
            ? (int)number : DefaultBits;
        ulong pages = 1UL << (bits - Pfn.PageShift);
        ulong count = Math.Min((kernel.Dump.EndPfn.Value + pages - 1) / pages, Most);
        ulong perRoot = Pfn.PageSize / type.Size.Value;
        for (ulong section = 0; section < count; section++)
        {
            KernelObject root = roots[(long)(section / perRoot)];
            if (root.Pointer is null or { Value: 0 })
            {
                section += perRoot - 1 - (section % perRoot);
                continue;
            }

            KernelObject place = root[(long)(section % perRoot)];
            if (place["section_mem_map"].Unsigned is { } map && (map & Present) != 0)
            {
                found.Add(new MemorySection((long)section, place, new Pfn(section * pages), (long)pages, new VirtualAddress(map & ~FlagBits)));
            }
        }

        return found;
    }
}
