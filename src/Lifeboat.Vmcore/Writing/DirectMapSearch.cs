using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Finds where an x86-64 kernel maps all physical memory (<c>page_offset_base</c>), which VMCOREINFO does not tell: it
/// is the lowest of the kernel's mappings from a known address on, and begins with physical address 0.
/// </summary>
internal static class DirectMapSearch
{
    // Where it begins at the lowest: the kernel's Documentation/arch/x86/x86_64/mm.rst.
    private const ulong LowestOfFourLevels = 0xffff_8880_0000_0000;
    private const ulong LowestOfFiveLevels = 0xff11_0000_0000_0000;
    private const ulong AddressMask = 0x000f_ffff_ffff_f000;
    private const int EntryBits = 9;
    private const int SmallestShift = 30; // it begins at a multiple of 1 GiB
    private const ulong FirstMiB = 1UL << 20;

    /// <summary>What to add to a physical address for its place there; null when it is not found.</summary>
    internal static ulong? Find(DumpSource source)
    {
        try
        {
            var space = AddressSpace.OpenKernel(source);
            if (!source.Vmcoreinfo.TryGetSymbol("init_top_pgt", out VirtualAddress root)
                && !source.Vmcoreinfo.TryGetSymbol("swapper_pg_dir", out root))
            {
                return null;
            }

            _ = source.Vmcoreinfo.TryGetNumber("sme_mask", out long encryption);
            ulong lowest = space.Levels == 5 ? LowestOfFiveLevels : LowestOfFourLevels;
            int shift = Pfn.PageShift + (EntryBits * (space.Levels - 1));
            ulong prefix = ulong.MaxValue << (shift + EntryBits);
            return space.TryTranslate(root, out PhysicalAddress table, out _, out _)
                && TryFindFirst(source, table, shift, prefix, lowest, ~unchecked((ulong)encryption), out ulong start)
                && space.TryTranslate(new VirtualAddress(start + FirstMiB), out PhysicalAddress first, out _, out _)
                && first.Value == FirstMiB ? start : null;
        }
        catch (DumpFormatException)
        {
            // Without VMCOREINFO nothing can be translated.
            return null;
        }
    }

    private static bool TryFindFirst(
        DumpSource source, PhysicalAddress table, int shift, ulong start, ulong lowest, ulong mask, out ulong found)
    {
        Span<byte> entries = stackalloc byte[Pfn.PageSize];
        found = 0;
        if (source.Read(table, entries, out _) < entries.Length)
        {
            return false;
        }

        for (int i = 0; i < 1 << EntryBits; i++)
        {
            ulong address = start | ((ulong)i << shift);
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(entries[(i * 8)..]);
            bool isPresent = (entry & 1) != 0;
            if (!isPresent || (address | ((1UL << shift) - 1)) < lowest)
            {
                continue;
            }

            found = address;
            if (shift == SmallestShift || TryFindFirst(
                source, new PhysicalAddress(entry & AddressMask & mask), shift - EntryBits, address, lowest, mask,
                out found))
            {
                return true;
            }
        }

        return false;
    }
}
