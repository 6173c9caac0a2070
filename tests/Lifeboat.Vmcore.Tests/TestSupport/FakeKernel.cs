using System.Globalization;
using System.Text;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// A kernel of 32 MiB: an image at 16 MiB with page tables, a memory map (vmemmap) at 24 MiB, and the VMCOREINFO that
/// goes with them. Tests write into it what they need.
/// </summary>
internal sealed class FakeKernel
{
    internal const ulong RamSize = 32UL << 20;
    internal const ulong ImageVirtual = 0xffff_ffff_8100_0000;
    internal const ulong ImagePhysical = 16UL << 20;
    internal const ulong MemoryMapVirtual = 0xffff_ea00_0000_0000;
    internal const ulong MemoryMapPhysical = 24UL << 20;
    internal const int PageStructSize = 64;
    internal const ulong PagesPerSection = 1UL << 15;
    private const ulong SectionSize = 32;

    private readonly Dictionary<string, string> _info = new(StringComparer.Ordinal);
    private ulong _sections;
    private ulong _nextTable;
    private ulong _nextData = ImagePhysical + (1UL << 20);

    internal FakeKernel(int levels = 4)
    {
        Levels = levels;
        _nextTable = ImagePhysical + 4096;
        Info["OSRELEASE"] = "6.1.0-fake";
        Info["PAGESIZE"] = "4096";
        Info["SYMBOL(init_top_pgt)"] = Hex(ImageVirtual);
        Info["NUMBER(phys_base)"] = "0";
        Info["NUMBER(pgtable_l5_enabled)"] = levels == 5 ? "1" : "0";
        Info["NUMBER(KERNEL_IMAGE_SIZE)"] = "1073741824";
        Info["NUMBER(sme_mask)"] = "0";
    }

    internal FakeMemory Memory { get; } = new(RamSize);

    internal int Levels { get; }

    internal Dictionary<string, string> Info => _info;

    internal Vmcoreinfo Vmcoreinfo => Vmcoreinfo.Parse(InfoBytes);

    internal byte[] InfoBytes => Encoding.ASCII.GetBytes(
        string.Concat(_info.Select(static pair => $"{pair.Key}={pair.Value}\n")));

    internal static string Hex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);

    internal static ulong ToPhysical(ulong imageAddress) => imageAddress - ImageVirtual + ImagePhysical;

    /// <summary>Room for data within the image; returns its virtual address.</summary>
    internal ulong Allocate(int bytes)
    {
        ulong address = _nextData;
        _nextData = (_nextData + (ulong)bytes + 63) & ~63UL;
        return address - ImagePhysical + ImageVirtual;
    }

    /// <summary>Maps a page of 4 KiB (shift 12), 2 MiB (21) or 1 GiB (30).</summary>
    internal void Map(ulong virtualAddress, ulong physical, int shift)
    {
        ulong table = ImagePhysical;
        for (int level = 12 + (9 * (Levels - 1)); level > shift; level -= 9)
        {
            ulong slot = table + (((virtualAddress >> level) & 511) * 8);
            ulong entry = Memory.ReadLong(slot);
            if ((entry & 1) == 0)
            {
                entry = _nextTable | 0x63;
                _nextTable += 4096;
                Memory.WriteLong(slot, entry);
            }

            table = entry & 0x000f_ffff_ffff_f000;
        }

        Memory.WriteLong(table + (((virtualAddress >> shift) & 511) * 8), physical | 0x63 | (shift > 12 ? 0x80UL : 0));
    }

    /// <summary>
    /// A sparsemem-vmemmap memory map as 6.1 lays it out; all pages are the kernel's until a test says otherwise.
    /// </summary>
    internal FakeKernel WithMemoryMap(bool isNewPageType = false) => WithMemoryMapFor(RamSize / 4096, isNewPageType);

    /// <summary>The same with only the first pages initialised.</summary>
    internal FakeKernel WithMemoryMapFor(ulong pages, bool isNewPageType)
    {
        Map(MemoryMapVirtual, MemoryMapPhysical, 21);
        ulong roots = Allocate(8 * 64);
        _sections = Allocate(4096);
        Memory.WriteLong(ToPhysical(roots), _sections);
        MirrorSection(0);
        foreach (string line in (string[])[
            $"SYMBOL(mem_section)={Hex(roots)}", "LENGTH(mem_section)=64", "SIZE(mem_section)=32",
            "OFFSET(mem_section.section_mem_map)=0", "NUMBER(SECTION_SIZE_BITS)=27", "NUMBER(MAX_PHYSMEM_BITS)=46",
            "SIZE(page)=64", "OFFSET(page.flags)=0", "OFFSET(page._refcount)=52", "OFFSET(page.mapping)=24",
            "OFFSET(page.lru)=8", "OFFSET(page._mapcount)=48", "OFFSET(page.private)=40",
            "OFFSET(page.compound_head)=8", "LENGTH(zone.free_area)=11", "NUMBER(PG_lru)=4", "NUMBER(PG_private)=13",
            "NUMBER(PG_swapcache)=10", "NUMBER(PG_swapbacked)=19",
                "NUMBER(PG_hwpoison)=23", "NUMBER(PG_head_mask)=65536"])
        {
            Add(line);
        }

        foreach (string line in isNewPageType
            ? (string[])[
                "NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)=-184549376", "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-268435456",
                "NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)=-201326592", "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-251658240",
                "NUMBER(PAGE_UNACCEPTED_MAPCOUNT_VALUE)=-134217728"]
            : [
                "NUMBER(PG_slab)=9", "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129", "NUMBER(HUGETLB_PAGE_DTOR)=2",
                "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-257", "OFFSET(page.compound_dtor)=16",
                "OFFSET(page.compound_order)=17"])
        {
            Add(line);
        }

        for (ulong pfn = 0; pfn < pages; pfn++)
        {
            SetPage(pfn);
        }

        return this;
    }

    /// <summary>Gives a section of 128 MiB the same <c>struct page</c>s as the first.</summary>
    internal void MirrorSection(ulong number)
    {
        ulong first = MemoryMapVirtual - (number * PagesPerSection * PageStructSize);
        Memory.WriteLong(ToPhysical(_sections) + (number * SectionSize), first | 0xb);
    }

    internal void SetPage(
        ulong pfn, ulong flags = 0, ulong mapping = 0, int type = -1, ulong privateData = 0, ulong compoundHead = 0)
    {
        ulong page = MemoryMapPhysical + (pfn * PageStructSize);
        Memory.WriteLong(page, flags);
        Memory.WriteLong(page + 8, compoundHead);
        Memory.WriteLong(page + 24, mapping);
        Memory.WriteLong(page + 40, privateData);
        Memory.WriteInt(page + 48, unchecked((uint)type));
    }

    internal void SetPageByte(ulong pfn, int offset, byte value) =>
        Memory.Write(MemoryMapPhysical + (pfn * PageStructSize) + (ulong)offset, [value]);

    private void Add(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        _info[line[..equals]] = line[(equals + 1)..];
    }
}
