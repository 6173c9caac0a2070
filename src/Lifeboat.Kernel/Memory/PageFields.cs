using System.Buffers.Binary;
using System.Numerics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>
/// Where <c>struct page</c> and <c>struct slab</c>, which lies over it, have their members; -1 for those that this kernel does not have.
/// </summary>
internal sealed class PageFields
{
    private const int Missing = -1;
    private const int MostFlags = 64;

    private readonly int _flags;
    private readonly int _compoundHead;
    private readonly int _slabCache;
    private readonly int _freeList;
    private readonly int _counters;
    private readonly int _pageType;
    private readonly ulong _slabFlag;
    private readonly PageTypeValue _slabType;
    private readonly PageTypeValue _buddyType;

    private PageFields(CrashedKernel kernel, KernelType page, KernelType slab)
    {
        Size = (int)page.Size.Value;
        _flags = Offset(page, "flags", 8);
        _compoundHead = Offset(page, page.TryFindMember("compound_head", out _) ? "compound_head" : "compound_info", 8);
        Mapping = Offset(page, "mapping", 8);
        Index = Offset(page, page.TryFindMember("index", out _) ? "index" : "__folio_index", 8);
        Private = Offset(page, "private", 8);
        References = Offset(page, "_refcount", 4);
        MapCount = Offset(page, "_mapcount", 4);
        _pageType = Offset(page, "page_type", 4);
        _slabCache = Offset(slab, "slab_cache", 8);
        _freeList = Offset(slab, "freelist", 8);

        // Until 6.9 a flag says what is a slab, later the page's type.
        _counters = Offset(slab, "counters", 8);
        bool isFlag = kernel.Types.TryFindEnumerator("PG_slab", out long bit) && bit is >= 0 and < MostFlags;
        _slabFlag = isFlag ? 1UL << (int)bit : 0;
        _slabType = isFlag ? default : PageTypeValue.Find(kernel, "slab");
        _buddyType = PageTypeValue.Find(kernel, "buddy");
    }

    internal int Size { get; }

    internal int Mapping { get; }

    internal int Index { get; }

    internal int Private { get; }

    internal int References { get; }

    internal int MapCount { get; }

    /// <summary>Null for a kernel whose pages are not described.</summary>
    internal static PageFields? Read(CrashedKernel kernel)
    {
        if (!kernel.Types.TryFind("struct page", out KernelType? page) || page.Size.Value is < 32 or > 512)
        {
            return null;
        }

        var fields = new PageFields(kernel, page, kernel.Types.TryFind("struct slab", out KernelType? slab) ? slab : page);
        return fields._flags >= 0 && fields._compoundHead >= 0 ? fields : null;
    }

    internal ulong Flags(ReadOnlySpan<byte> page) => Long(page, _flags);

    internal bool IsTail(ReadOnlySpan<byte> page) => (Long(page, _compoundHead) & 1) != 0;

    /// <summary>The first <c>struct page</c> of a compound page that a tail belongs to.</summary>
    internal VirtualAddress HeadOf(ReadOnlySpan<byte> page, VirtualAddress address)
    {
        ulong word = Long(page, _compoundHead);

        // From 7.1 on it is a mask, all high bits set, where the size of a struct page is a power of two.
        return (word & 1) == 0 ? address
            : BitOperations.IsPow2(unchecked(0 - (word - 1))) ? new VirtualAddress(address.Value & (word - 1))
            : new VirtualAddress(word - 1);
    }

    internal bool IsSlab(ReadOnlySpan<byte> page) => _slabCache >= 0 && !IsTail(page)
        && (_slabFlag != 0 ? (Flags(page) & _slabFlag) != 0 : _slabType.Is(Int(page, _pageType)));

    /// <summary>Whether the page begins a block that the allocator has free.</summary>
    internal bool IsBuddy(ReadOnlySpan<byte> page) => _buddyType.Is(Int(page, _pageType));

    internal VirtualAddress SlabCache(ReadOnlySpan<byte> page) => new(Long(page, _slabCache));

    internal VirtualAddress FreeList(ReadOnlySpan<byte> page) => new(Long(page, _freeList));

    /// <summary>16 bits of objects in use, 15 of objects, one for a slab that a CPU has.</summary>
    internal uint Counters(ReadOnlySpan<byte> page) => Int(page, _counters);

    internal static ulong Long(ReadOnlySpan<byte> page, int offset) =>
        offset >= 0 && offset + 8 <= page.Length ? BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]) : 0;

    internal static uint Int(ReadOnlySpan<byte> page, int offset) =>
        offset >= 0 && offset + 4 <= page.Length ? BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]) : 0;

    private static int Offset(KernelType type, string member, int width) =>
        type.TryFindMember(member, out KernelMember? found) && found.Offset.Value + (ulong)width <= type.Size.Value
            ? (int)found.Offset.Value : Missing;
}
