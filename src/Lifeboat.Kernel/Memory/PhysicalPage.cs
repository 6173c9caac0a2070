using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>A page of memory as the kernel describes it (<c>struct page</c>).</summary>
public sealed class PhysicalPage
{
    private const ulong AnonymousBit = 1;

    private readonly CrashedKernel _kernel;
    private readonly PageMap _map;
    private readonly byte[] _bytes;

    internal PhysicalPage(CrashedKernel kernel, PageMap map, Pfn pfn, byte[] bytes) =>
        (_kernel, _map, Pfn, _bytes) = (kernel, map, pfn, bytes);

    /// <summary>Its number.</summary>
    public Pfn Pfn { get; }

    /// <summary>Where its <c>struct page</c> is.</summary>
    public VirtualAddress Address => _map.AddressOf(Pfn);

    /// <summary>Its flags, with node and zone in the highest bits.</summary>
    public ulong Flags => _map.Fields.Flags(_bytes);

    /// <summary>The names of its flags, without the <c>PG_</c>: <c>lru,dirty</c>.</summary>
    public string FlagNames => _kernel.Memory.PageFlags.NamesOf(Flags);

    /// <summary>How many hold it.</summary>
    public int References => unchecked((int)PageFields.Int(_bytes, _map.Fields.References));

    /// <summary>How often processes have mapped it; means nothing for slabs and free pages, which keep their type there.</summary>
    public int MapCount => unchecked((int)PageFields.Int(_bytes, _map.Fields.MapCount) + 1);

    /// <summary>What it belongs to, an <c>address_space</c> or an <c>anon_vma</c> with a mark in the lowest bits; null for none.</summary>
    public VirtualAddress Mapping => new(IsSlab || IsTail ? 0 : PageFields.Long(_bytes, _map.Fields.Mapping));

    /// <summary>Which page of what it belongs to.</summary>
    public ulong Index => IsSlab || IsTail ? 0 : PageFields.Long(_bytes, _map.Fields.Index);

    /// <summary>Whether it holds memory of processes that is of no file.</summary>
    public bool IsAnonymous => !IsFree && (Mapping.Value & AnonymousBit) != 0;

    /// <summary>Whether it begins a block of memory that is free.</summary>
    public bool IsFree => _map.Fields.IsBuddy(_bytes);

    /// <summary>log2 of the pages of the free block that it begins; 0 for other pages.</summary>
    public int FreeOrder => IsFree ? (int)Math.Min(PageFields.Long(_bytes, _map.Fields.Private), 63) : 0;

    /// <summary>Whether it belongs to a compound page that begins before it.</summary>
    public bool IsTail => _map.Fields.IsTail(_bytes);

    /// <summary>The <c>struct page</c> that begins the compound page; its own for all but tails.</summary>
    public VirtualAddress Head => _map.Fields.HeadOf(_bytes, Address);

    /// <summary>Whether it begins a slab.</summary>
    public bool IsSlab => _map.Fields.IsSlab(_bytes);

    /// <summary>The <c>struct page</c> as an object.</summary>
    public KernelObject Object => _kernel.Object(_kernel.Type("struct page"), Address);

    /// <summary>The slab that it begins; null for other pages, and when the slab's cache is not known.</summary>
    public Slab? ToSlab() => _kernel.Memory.SlabOf(Pfn, _bytes, _map.Fields);

    /// <summary>Its number, as <c>pfn 0x1000</c>.</summary>
    public override string ToString() => Pfn.ToString();
}
