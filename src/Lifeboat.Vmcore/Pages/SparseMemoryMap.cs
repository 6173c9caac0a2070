using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// An array of <c>struct page</c> for each section of memory (CONFIG_SPARSEMEM), with or without vmemmap.
/// </summary>
/// <remarks>
/// <code>
/// sparsemem          mem_section -> [ section | section | ... ]
/// sparsemem-extreme  mem_section -> [ root | root | ... ],  root -> a page of sections
/// some 4.15          mem_section -> the address of those roots
/// </code>
/// </remarks>
internal sealed class SparseMemoryMap : MemoryMap
{
    private const ulong PresentAndMapped = 3; // SECTION_MARKED_PRESENT | SECTION_HAS_MEM_MAP

    // Flags lie in the low bits of section_mem_map, how many depends on the kernel; the address is page-aligned.
    private const ulong FlagBits = Pfn.PageSize - 1;

    // Sections of 128 TiB, when they are 128 MiB; more are not listed to find the page of a struct page.
    private const int MaxListed = 1 << 20;

    // Roots that are looked at for a section: as many cover 50 bits of addresses. A text that claims more is wrong.
    private const int MaxTries = 1 << 16;

    private readonly SparseShape _shape;
    private readonly VirtualAddress _elements;
    private List<ulong>? _listedArrays;
    private List<ulong>? _listedPfns;

    private SparseMemoryMap(AddressSpace space, SparseShape shape, VirtualAddress elements, int pageStructSize)
        : base(space, pageStructSize) => (_shape, _elements) = (shape, elements);

    internal static SparseMemoryMap? TryOpen(AddressSpace space, PageKeys keys, int pageStructSize)
    {
        if (SparseShape.Read(keys) is not { } shape || !keys.Info.TryGetSymbol("mem_section", out VirtualAddress symbol))
        {
            return null;
        }

        var map = new SparseMemoryMap(space, shape, symbol, pageStructSize);
        if (shape.HasRoots && !map.HasSection() && TryReadPointer(space, symbol, out ulong address, out _))
        {
            var indirect = new SparseMemoryMap(space, shape, new VirtualAddress(address), pageStructSize);
            return indirect.HasSection() ? indirect : map;
        }

        return map;
    }

    /// <inheritdoc/>
    internal override bool TryFind(ulong pfn, out VirtualAddress page, out MemoryFault fault)
    {
        page = default;
        ulong section = pfn / _shape.PagesPerSection;
        ulong element = section / _shape.SectionsPerElement;
        if (!TryFindElement(element, out VirtualAddress sections, out fault)
            || !TryReadArray(sections, section % _shape.SectionsPerElement, out ulong array, out fault))
        {
            return false;
        }

        // The kernel stores the address that page 0 would have, so that adding a page's number gives its own.
        page = new VirtualAddress(unchecked(array + (pfn * (ulong)PageStructSize)));
        return true;
    }

    /// <inheritdoc/>
    internal override bool TryFindPfn(VirtualAddress page, out ulong pfn)
    {
        pfn = 0;
        List();
        int index = _listedArrays!.BinarySearch(page.Value);
        index = index >= 0 ? index : ~index - 1;
        if (index < 0)
        {
            return false;
        }

        ulong distance = page.Value - _listedArrays[index];
        pfn = _listedPfns![index] + (distance / (ulong)PageStructSize);
        return distance % (ulong)PageStructSize == 0 && distance / (ulong)PageStructSize < _shape.PagesPerSection;
    }

    /// <summary>Whether there is a section at all whose array can be read, as on every machine that ran.</summary>
    private bool HasSection()
    {
        Span<byte> page = stackalloc byte[1];
        int tries = MaxTries;
        for (ulong element = 0; element < (ulong)_shape.Count && tries > 0; element++, tries--)
        {
            if (!TryFindElement(element, out VirtualAddress sections, out _))
            {
                continue;
            }

            for (ulong i = 0; i < _shape.SectionsPerElement && tries > 0; i++, tries--)
            {
                ulong pfn = ((element * _shape.SectionsPerElement) + i) * _shape.PagesPerSection;
                if (TryReadArray(sections, i, out ulong array, out _)
                    && Read(new VirtualAddress(unchecked(array + (pfn * (ulong)PageStructSize))), page) == page.Length)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryFindElement(ulong element, out VirtualAddress sections, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        sections = default;
        if (element >= (ulong)_shape.Count)
        {
            return false;
        }

        if (!_shape.HasRoots)
        {
            sections = _elements + new ByteCount(element * (ulong)_shape.SectionSize);
            return true;
        }

        bool isRead = TryReadPointer(_elements + new ByteCount(element * PointerSize), out ulong root, out fault);
        sections = new VirtualAddress(root);
        return isRead && root != 0;
    }

    private bool TryReadArray(VirtualAddress sections, ulong index, out ulong array, out MemoryFault fault)
    {
        var field = new ByteCount((index * (ulong)_shape.SectionSize) + (ulong)_shape.MapOffset);
        bool isRead = TryReadPointer(sections + field, out ulong coded, out fault);
        array = coded & ~FlagBits;
        return isRead && (coded & PresentAndMapped) == PresentAndMapped;
    }

    /// <summary>Lists all sections by the address of their arrays, once.</summary>
    private void List()
    {
        if (_listedArrays is not null)
        {
            return;
        }

        var arrays = new List<ulong>();
        var pfns = new List<ulong>();
        byte[] root = new byte[Pfn.PageSize];
        ulong elements = Math.Min((ulong)_shape.Count, MaxListed);
        for (ulong element = 0; element < elements && arrays.Count < MaxListed; element++)
        {
            int size = (int)_shape.SectionsPerElement * _shape.SectionSize;
            if (!TryFindElement(element, out VirtualAddress sections, out _) || Read(sections, root.AsSpan(0, size)) < size)
            {
                continue;
            }

            for (int i = 0; i < (int)_shape.SectionsPerElement && arrays.Count < MaxListed; i++)
            {
                ulong coded = BinaryPrimitives.ReadUInt64LittleEndian(root.AsSpan((i * _shape.SectionSize) + _shape.MapOffset));
                ulong pfn = ((element * _shape.SectionsPerElement) + (ulong)i) * _shape.PagesPerSection;
                if ((coded & PresentAndMapped) == PresentAndMapped)
                {
                    arrays.Add(unchecked((coded & ~FlagBits) + (pfn * (ulong)PageStructSize)));
                    pfns.Add(pfn);
                }
            }
        }

        ulong[] keys = [.. arrays];
        ulong[] values = [.. pfns];
        Array.Sort(keys, values);
        (_listedArrays, _listedPfns) = ([.. keys], [.. values]);
    }
}
