using System.Globalization;
using System.Numerics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Crash;

/// <summary>Says what an address is: what it lies in, or why it is none (Documentation/arch/x86/x86_64/mm.rst).</summary>
public static class AddressPlace
{
    private const ulong NullPage = 4096;
    private const ulong StackSize = 16384; // THREAD_SIZE
    private const ulong ModulesStart = 0xffff_ffff_a000_0000;
    private const ulong EntryAreaStart = 0xffff_fe00_0000_0000;
    private const ulong EntryAreaEnd = 0xffff_fe80_0000_0000;

    // include/linux/poison.h and what list_del leaves behind.
    private static readonly (ulong Value, string Meaning)[] Poisons =
    [
        (0x6b6b_6b6b_6b6b_6b6b, "memory that was freed"),
        (0x5a5a_5a5a_5a5a_5a5a, "memory that was never written"),
        (0xdead_0000_0000_0100, "an entry that was taken off a list"),
        (0xdead_0000_0000_0122, "an entry that was taken off a list"),
        (0xcccc_cccc_cccc_cccc, "padding"),
    ];

    /// <summary>What the address is, in a few words.</summary>
    public static string Describe(CrashedKernel kernel, VirtualAddress address)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ulong value = address.Value;
        bool isArm = kernel.Dump.Vmcoreinfo.TryGetNumber("VA_BITS", out long armBits) && armBits is > 0 and < 64;
        int userBits = isArm ? (int)armBits : kernel.Space.Levels == 5 ? 56 : 47;
        if (value < NullPage)
        {
            return value == 0 ? "a NULL pointer" : $"a NULL pointer and 0x{value:x}";
        }

        foreach ((ulong poison, string meaning) in Poisons)
        {
            if (unchecked(value - poison + NullPage) < 2 * NullPage)
            {
                return $"no address: the mark of {meaning}";
            }
        }

        if (value >> userBits == 0)
        {
            return "an address of user space";
        }

        if (value >> userBits != ulong.MaxValue >> userBits)
        {
            return "no address: not canonical";
        }

        return kernel.Names.TryFind(address, out SymbolPlace? place) ? place.ToString()
            : OfStacks(kernel, value) ?? (isArm ? "an address of the kernel" : OfMaps(kernel, value));
    }

    private static string? OfStacks(CrashedKernel kernel, ulong value)
    {
        foreach (KernelTask task in kernel.RunningTasks)
        {
            ulong start = task.StackBase?.Value ?? 0;
            if (start != 0 && unchecked(value - start + NullPage) < StackSize + NullPage)
            {
                return $"{(value < start ? "below the end of the" : "the")} kernel stack of {task.Name}, pid {task.Pid}";
            }
        }

        return null;
    }

    private static string OfMaps(CrashedKernel kernel, ulong value)
    {
        ulong direct = kernel.DirectMapOf(PhysicalAddress.Zero)?.Value ?? 0;
        ulong areas = Base(kernel, "vmalloc_base", 0xffff_c900_0000_0000);
        ulong pages = Base(kernel, "vmemmap_base", 0xffff_ea00_0000_0000);
        return value >= ModulesStart ? "where modules lie, and none does: one that was unloaded?"
            : value >= EntryAreaEnd ? "none of the kernel's areas"
            : value >= EntryAreaStart ? "a CPU's entry area: entry stacks, tables of the processor"
            : value >= pages ? "the array of struct page"
            : value >= areas ? "vmalloc: stacks, large tables, mapped devices"
            : value >= direct && direct != 0 ? OfDirectMap(kernel, value, value - direct)
            : "none of the kernel's areas";
    }

    private static string OfDirectMap(CrashedKernel kernel, ulong value, ulong physical)
    {
        foreach (PhysicalRange ram in kernel.Dump.RamRanges)
        {
            if (ram.Contains(new PhysicalAddress(physical)))
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"the direct map, physical 0x{physical:x}{SlabOf(kernel, physical)}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"the direct map, physical 0x{physical:x}, where no RAM is");
    }

    // A page belongs to a cache when what would be its cache is one of those that there are.
    private static string SlabOf(CrashedKernel kernel, ulong physical)
    {
        if (!kernel.Types.TryFind("struct page", out KernelType? page)
            || !(kernel.Types.TryFind("struct slab", out KernelType? slab) || kernel.Types.TryFind("struct page", out slab))
            || !slab.TryFindMember("slab_cache", out _) || !kernel.TryFindGlobal("slab_caches", out KernelObject? caches))
        {
            return "";
        }

        ulong pages = Base(kernel, "vmemmap_base", 0xffff_ea00_0000_0000);
        KernelObject one = kernel.Object(page, new VirtualAddress(pages + (physical / Pfn.PageSize * page.Size.Value)));
        ulong link = (one.TryGet("compound_head", out KernelObject? head) || one.TryGet("compound_info", out head) ? head.Unsigned : null) ?? 0;

        // Of a page that is not the first of its block: the first one's address, or from 7.1 on what masks this one's.
        bool isMask = BitOperations.IsPow2(unchecked(0 - (link & ~1UL)));
        VirtualAddress first = (link & 1) == 0 ? one.Address : new VirtualAddress(isMask ? one.Address.Value & link : link - 1);
        VirtualAddress? owner = kernel.Object(slab, first)["slab_cache"].Pointer;
        foreach (KernelObject cache in kernel.List(caches, "struct kmem_cache", "list"))
        {
            if (cache.Address == owner)
            {
                return $", slab {(cache["name"] is { Pointer: { Value: not 0 } } name ? name.Text() : "?")}";
            }
        }

        return "";
    }

    private static ulong Base(CrashedKernel kernel, string variable, ulong fixedPlace) =>
        kernel.TryFindGlobal(variable, "unsigned long", out KernelObject? value) ? value.Unsigned ?? fixedPlace : fixedPlace;
}
