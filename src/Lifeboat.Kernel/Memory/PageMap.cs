using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>The kernel's map of memory: a <c>struct page</c> for each page, one after the other (vmemmap), on x86-64.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class PageMap
{
    private const ulong StartOfFourLevels = 0xffff_ea00_0000_0000;
    private const ulong StartOfFiveLevels = 0xffd4_0000_0000_0000;
    private const ulong MostPages = 1UL << 40;
    private const ulong PagesOfSubsection = 512;
    private const int PagesAtOnce = 4096;
    private const int MostHoles = 1 << 20;

    private readonly CrashedKernel _kernel;
    private readonly VirtualAddress _start;

    private PageMap(CrashedKernel kernel, PageFields fields, VirtualAddress start) =>
        (_kernel, Fields, _start) = (kernel, fields, start);

    internal PageFields Fields { get; }

    /// <summary>Where the <c>struct page</c> of a page is.</summary>
    public VirtualAddress AddressOf(Pfn pfn) => _start + new ByteCount(unchecked(pfn.Value * (ulong)Fields.Size));

    /// <summary>The page whose <c>struct page</c> an address lies in; false outside of the map.</summary>
    public bool TryFindPfn(VirtualAddress address, out Pfn pfn)
    {
        ulong distance = unchecked(address.Value - _start.Value);
        pfn = new Pfn(distance / (ulong)Fields.Size);
        return address.Value >= _start.Value && pfn.Value < MostPages;
    }

    /// <summary>What the kernel knows of a page; null when its <c>struct page</c> cannot be read.</summary>
    public PhysicalPage? Find(Pfn pfn)
    {
        byte[] bytes = new byte[Fields.Size];
        return pfn.Value < MostPages && _kernel.Space.Read(AddressOf(pfn), bytes, out _) == bytes.Length
            ? new PhysicalPage(_kernel, this, pfn, bytes) : null;
    }

    /// <summary>The first page of the compound page that a page belongs to; the page itself when it is of none.</summary>
    public PhysicalPage? FindHead(Pfn pfn) => Find(pfn) is not { } page ? null
        : !page.IsTail ? page
        : TryFindPfn(page.Head, out Pfn head) && head.Value < pfn.Value ? Find(head) : null;

    /// <summary>The pages of a range that have a <c>struct page</c> that can be read.</summary>
    public IEnumerable<PhysicalPage> Find(Pfn first, Pfn end)
    {
        foreach (PageRun run in Read(first, end))
        {
            for (int i = 0; i < run.Count; i++)
            {
                byte[] bytes = run.Bytes.AsSpan(i * Fields.Size, Fields.Size).ToArray();
                yield return new PhysicalPage(_kernel, this, new Pfn(run.First.Value + (ulong)i), bytes);
            }
        }
    }

    internal static PageMap? TryOpen(CrashedKernel kernel)
    {
        // arm64 has its map elsewhere, and kernels without vmemmap have one for each section.
        if (PageFields.Read(kernel) is not { } fields || kernel.Dump.Vmcoreinfo.TryGetText("NUMBER(PHYS_OFFSET)", out _))
        {
            return null;
        }

        VirtualAddress start = kernel.TryFindGlobal("vmemmap_base", "unsigned long", out KernelObject? variable)
            && variable.Pointer is { Value: not 0 } random ? random
            : new VirtualAddress(kernel.Space.Levels == 5 ? StartOfFiveLevels : StartOfFourLevels);
        return new PageMap(kernel, fields, start);
    }

    /// <summary>The structures of a range, many at once in a buffer that is used again; what cannot be read is left out.</summary>
    internal IEnumerable<PageRun> Read(Pfn first, Pfn end)
    {
        byte[] buffer = new byte[PagesAtOnce * Fields.Size];
        ulong last = Math.Min(end.Value, _kernel.Dump.EndPfn.Value);
        int holes = 0;
        for (ulong pfn = first.Value; pfn < last && holes < MostHoles;)
        {
            int wanted = (int)Math.Min(PagesAtOnce, last - pfn);
            int read = _kernel.Space.Read(AddressOf(new Pfn(pfn)), buffer.AsSpan(0, wanted * Fields.Size), out MemoryFault fault)
                / Fields.Size;
            if (read > 0)
            {
                yield return new PageRun(new Pfn(pfn), buffer, read);
            }

            pfn += (ulong)read;
            if (read < wanted)
            {
                pfn += ToNext(AddressOf(new Pfn(pfn)), fault, pfn);
                holes++;
            }
        }
    }

    // Where no memory is there is no map either, for 2 MiB of memory at least; what was left out of the dump are pages of the map.
    private ulong ToNext(VirtualAddress place, MemoryFault fault, ulong pfn)
    {
        if (fault.Reason == MemoryFaultReason.Unmapped)
        {
            return PagesOfSubsection - (pfn % PagesOfSubsection);
        }

        ulong left = Pfn.PageSize - (place.Value % Pfn.PageSize);
        return Math.Max(1, (left + (ulong)Fields.Size - 1) / (ulong)Fields.Size);
    }
}
