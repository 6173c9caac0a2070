using System.Globalization;
using System.Text;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>A fake kernel of a time, with a memory map of a kind: pages are marked as that kernel marks them.</summary>
internal sealed class FakePages
{
    internal const ulong Anonymous = 0xffff_8880_0000_1001;
    internal const ulong File = 0xffff_8880_0000_1000;
    internal const int Count = (int)(FakeKernel.RamSize / 4096);
    private const int SectionBits = 24;
    private const ulong PagesPerSection = (1UL << SectionBits) / 4096;

    private readonly KernelEra _era;
    private readonly MapModel _model;

    internal FakePages(KernelEra era, MapModel model, ulong initialised = Count)
    {
        (_era, _model) = (era, model);
        Kernel.Info["OSRELEASE"] = era.Release + "-fake";
        foreach (string line in era.Lines())
        {
            Set(line);
        }

        for (ulong offset = 0; offset < 8UL << 20; offset += 2UL << 20)
        {
            // makedumpfile looks the image up in page tables, too.
            Kernel.Map(FakeKernel.ImageVirtual + offset, FakeKernel.ImagePhysical + offset, 21);
        }

        WriteName(era.Release + "-fake");
        Kernel.Map(FakeKernel.MemoryMapVirtual, FakeKernel.MemoryMapPhysical, 21);
        if (model is MapModel.Flat or MapModel.FlatNode)
        {
            WriteFlat();
        }
        else
        {
            WriteSections();
        }

        for (ulong pfn = 0; pfn < initialised; pfn++)
        {
            Mark(pfn);
        }
    }

    internal FakeKernel Kernel { get; } = new();

    internal static ulong Bit(int? number) => number is { } bit ? 1UL << bit : 0;

    internal void Set(string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        Kernel.Info[line[..equals]] = line[(equals + 1)..];
    }

    /// <summary>The virtual address of a page's structure.</summary>
    internal ulong Address(ulong pfn) => Place(pfn) + FakeKernel.MemoryMapVirtual;

    internal ulong Physical(ulong pfn) => Place(pfn) + FakeKernel.MemoryMapPhysical;

    internal void Mark(ulong pfn, ulong flags = 0, ulong mapping = 0, int type = -1, ulong privateData = 0, ulong tail = 0)
    {
        ulong page = Physical(pfn);
        Kernel.Memory.WriteLong(page, flags);
        Kernel.Memory.WriteLong(page + 8, tail);
        Kernel.Memory.WriteLong(page + 24, mapping);
        Kernel.Memory.WriteLong(page + 40, privateData);
        Kernel.Memory.WriteInt(page + 48, unchecked((uint)type));
    }

    internal void Compound(ulong pfn, int order, ulong flags = 0, ulong mapping = 0, bool isHuge = false)
    {
        Mark(pfn, flags | Bit(_era.Head), mapping, isHuge && _era.Huge is { } huge ? huge : -1);
        ulong mask = (~0UL << (order + 6)) | 1;
        for (ulong i = 1; i < 1UL << order; i++)
        {
            Mark(pfn + i, tail: _era.TailField == "compound_info" ? mask : Address(pfn) | 1);
        }

        if (_era.Order == OrderPlace.Flags)
        {
            Kernel.Memory.WriteLong(Physical(pfn + 1), (byte)order | (isHuge ? Bit(_era.HugeFlag) : 0));
        }
        else
        {
            Kernel.Memory.Write(Physical(pfn + 1) + 16, [(byte)(isHuge ? 2 : 1), (byte)order]);
        }
    }

    /// <summary>One of everything, at places that the tests of page classes know.</summary>
    internal FakePages WithOneOfEach()
    {
        ulong lru = Bit(_era.Lru);
        Mark(0x10, lru, File);
        Mark(0x11, lru | Bit(_era.Private), File);
        Mark(0x12, lru | Bit(_era.SwapBacked), Anonymous);
        Mark(0x13, Bit(_era.SwapCache), File);
        Mark(0x14, Bit(_era.SwapCache) | Bit(_era.SwapBacked), File);
        Mark(0x15, Bit(_era.Slab), Anonymous, _era.SlabType ?? -1);
        Mark(0x16, Bit(_era.Poison));
        Mark(0x17, type: _era.Offline ?? -1);
        Mark(0x20, type: _era.Buddy, privateData: 5);
        Compound(0x40, 3, lru, File);
        Compound(0x48, 3);
        Compound(0x200, 9, lru | Bit(_era.SwapBacked), Anonymous);
        Compound(0x400, 9, isHuge: true);
        Compound(0x600, 9, Bit(_era.Poison));
        Mark(0x800, type: _era.Unaccepted ?? -1);
        Mark(0x1000, type: _era.Buddy, privateData: 10);
        return this;
    }

    private static string Text(ulong value) => FakeKernel.Hex(value);

    private ulong Place(ulong pfn)
    {
        // The arrays of sections stand in another order than the sections.
        bool isSplit = _model is MapModel.Extreme or MapModel.ExtremeIndirect or MapModel.Classic;
        ulong section = pfn / PagesPerSection;
        return isSplit ? ((1 - section) << 20) + (pfn % PagesPerSection * 64) : pfn * 64;
    }

    /// <summary>The kernel's name (struct new_utsname), which makedumpfile compares with its release.</summary>
    private void WriteName(string release)
    {
        ulong name = Kernel.Allocate(6 * 65);
        Kernel.Memory.Write(FakeKernel.ToPhysical(name) + (2 * 65), Encoding.ASCII.GetBytes(release));
        Set($"SYMBOL(init_uts_ns)={Text(name)}");
        Set("OFFSET(uts_namespace.name)=0");
    }

    private void WriteFlat()
    {
        ulong pointer = Kernel.Allocate(8);
        Kernel.Memory.WriteLong(FakeKernel.ToPhysical(pointer), FakeKernel.MemoryMapVirtual);
        if (_model == MapModel.Flat)
        {
            Set($"SYMBOL(mem_map)={Text(pointer)}");
            return;
        }

        ulong node = FakeKernel.ToPhysical(Kernel.Allocate(64));
        Kernel.Memory.WriteLong(node, FakeKernel.MemoryMapVirtual);
        Kernel.Memory.WriteLong(node + 16, Count);
        Set($"SYMBOL(contig_page_data)={Text(node - FakeKernel.ImagePhysical + FakeKernel.ImageVirtual)}");
        Set("OFFSET(pglist_data.node_mem_map)=0");
        Set("OFFSET(pglist_data.node_start_pfn)=8");
        Set("OFFSET(pglist_data.node_spanned_pages)=16");
    }

    private void WriteSections()
    {
        const int SectionSize = 16;
        const int MaxBits = 46;
        int sections = 1 << (MaxBits - SectionBits);
        bool hasRoots = _model != MapModel.Classic;

        // Without roots the array is as long as its kernel says, but all of it that is there is the beginning.
        ulong array = Kernel.Allocate(hasRoots ? sections / 256 * 8 : 4096);
        ulong first = array;
        if (hasRoots)
        {
            first = Kernel.Allocate(8192);
            first = (first + 4095) & ~4095UL;
            Kernel.Memory.WriteLong(FakeKernel.ToPhysical(array), first);
        }

        for (ulong section = 0; section < 2; section++)
        {
            ulong coded = Address(section * PagesPerSection) - (section * PagesPerSection * 64);
            Kernel.Memory.WriteLong(FakeKernel.ToPhysical(first) + (section * SectionSize), coded | 7);
        }

        ulong symbol = array;
        if (_model == MapModel.ExtremeIndirect)
        {
            symbol = Kernel.Allocate(8);
            Kernel.Memory.WriteLong(FakeKernel.ToPhysical(symbol), array);
        }

        Set($"SYMBOL(mem_section)={Text(symbol)}");
        Set($"LENGTH(mem_section)={(hasRoots ? sections / 256 : sections).ToString(CultureInfo.InvariantCulture)}");
        Set($"SIZE(mem_section)={SectionSize}");
        Set("OFFSET(mem_section.section_mem_map)=0");
        Set($"NUMBER(SECTION_SIZE_BITS)={SectionBits}");
        Set($"NUMBER(MAX_PHYSMEM_BITS)={MaxBits}");
    }
}
