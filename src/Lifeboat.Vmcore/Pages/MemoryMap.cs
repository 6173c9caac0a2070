using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Finds the array of <c>struct page</c> of each section of memory (sparsemem, with or without vmemmap).
/// </summary>
internal sealed class MemoryMap
{
    private const ulong PresentAndMapped = 3; // SECTION_MARKED_PRESENT | SECTION_HAS_MEM_MAP
    private const int PointerSize = 8;

    // Flags lie in the low bits of section_mem_map, how many depends on the kernel; the address is page-aligned.
    private const ulong FlagBits = Pfn.PageSize - 1;

    private readonly AddressSpace _space;
    private readonly VirtualAddress _roots;
    private readonly int _rootCount;
    private readonly int _sectionSize;
    private readonly int _sectionsPerRoot;
    private readonly int _mapOffset;
    private readonly int _pageStructSize;

    private MemoryMap(
        AddressSpace space, VirtualAddress roots, int rootCount,
        int sectionSize, int mapOffset, int sectionBits, int pageStructSize)
    {
        _space = space;
        _roots = roots;
        _rootCount = rootCount;
        _sectionSize = sectionSize;
        _sectionsPerRoot = Pfn.PageSize / sectionSize;
        _mapOffset = mapOffset;
        _pageStructSize = pageStructSize;
        PagesPerSection = 1UL << (sectionBits - Pfn.PageShift);
    }

    /// <summary>Pages in a section: 32,768 on x86-64 (128 MiB).</summary>
    internal ulong PagesPerSection { get; }

    /// <summary>The map; null when VMCOREINFO does not describe one of a kind that is known.</summary>
    internal static MemoryMap? Open(AddressSpace space, Vmcoreinfo info, int pageStructSize, List<Diagnostic> notices)
    {
        if (info.TryGetSymbol("mem_section", out VirtualAddress roots)
            && info.TryGetLength("mem_section", out int rootCount)
            && info.TryGetSize("mem_section", out int size) && size is >= 16 and <= Pfn.PageSize
            && info.TryGetOffset("mem_section.section_mem_map", out int offset) && offset <= size - PointerSize
            && info.TryGetNumber("SECTION_SIZE_BITS", out long bits) && bits is >= 24 and <= 40)
        {
            return new MemoryMap(space, roots, rootCount, size, offset, (int)bits, pageStructSize);
        }

        notices.Add(new Diagnostic(
            VmcoreDiagnosticIds.ClassKept, "the kernel's map of memory cannot be found: all pages are kept")
        {
            Where = "VMCOREINFO",
            Expected = "SYMBOL, LENGTH and SIZE(mem_section), OFFSET(mem_section.section_mem_map), "
                + "NUMBER(SECTION_SIZE_BITS)",
        });
        return null;
    }

    /// <summary>
    /// The <c>struct page</c> of a page. False for a section without one, and, with a fault, for one that cannot be
    /// read.
    /// </summary>
    internal bool TryFind(ulong pfn, out VirtualAddress page, out MemoryFault fault)
    {
        page = default;
        fault = MemoryFault.None;
        ulong section = pfn / PagesPerSection;
        ulong root = section / (ulong)_sectionsPerRoot;
        if (root >= (ulong)_rootCount)
        {
            return false;
        }

        if (!TryReadPointer(_roots + new ByteCount(root * PointerSize), out ulong rootAddress, out fault)
            || rootAddress == 0)
        {
            return false;
        }

        var entry = new ByteCount((section % (ulong)_sectionsPerRoot * (ulong)_sectionSize) + (ulong)_mapOffset);
        if (!TryReadPointer(new VirtualAddress(rootAddress) + entry, out ulong coded, out fault)
            || (coded & PresentAndMapped) != PresentAndMapped)
        {
            return false;
        }

        // The kernel stores the address that page 0 would have, so that adding a page's number gives its own.
        page = new VirtualAddress(unchecked((coded & ~FlagBits) + (pfn * (ulong)_pageStructSize)));
        return true;
    }

    private bool TryReadPointer(VirtualAddress address, out ulong value, out MemoryFault fault)
    {
        Span<byte> bytes = stackalloc byte[PointerSize];
        bool isRead = _space.Read(address, bytes, out fault) == bytes.Length;
        value = isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return isRead;
    }
}
