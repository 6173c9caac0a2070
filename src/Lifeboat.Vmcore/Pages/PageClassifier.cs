using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Pages;

/// <summary>Tells for all pages, in one pass upwards, what they were used for.</summary>
/// <remarks>
/// <para><b>Memory.</b> One buffer of <c>struct page</c> for 4,096 pages, however large the machine.</para>
/// <para><b>Damage.</b> A memory map that cannot be read, or contradicts itself, gives <see cref="PageClass.Kernel"/>:
/// the page is kept. Nothing that it says makes the pass longer: a block never reaches back.</para>
/// <para><b>Spans.</b> What is said of a block, no block being larger than a span and each a multiple of its size, ends
/// with its span: spans may be decided in any order, and by several classifiers.</para>
/// </remarks>
internal sealed class PageClassifier : IDisposable
{
    /// <summary>log2 of the pages of a span: 1 GiB in pages of 4 KiB, the largest that kernels make of several.</summary>
    internal const int SpanOrder = 18;

    private const int PagesAtOnce = 4096;
    private const ulong SpanPages = 1UL << SpanOrder;

    private readonly AddressSpace? _space;
    private readonly DumpSource? _mapped;
    private readonly MemoryMap? _map;
    private readonly PageRules? _rules;
    private readonly NativeBuffer? _buffer;
    private readonly Kernel? _kernel;
    private readonly DumpLevel _level;
    private readonly int _pageStructSize;
    private readonly FreeLists? _freeLists;
    private ulong _pendingEnd;
    private PageClass _pendingClass;

    private PageClassifier(IPhysicalMemory memory, DumpLevel level, Kernel? kernel = null, FreeLists? freeLists = null)
    {
        (_kernel, _level) = (kernel, level);
        if (kernel is not null)
        {
            _space = kernel.Space;
            _mapped = memory as DumpSource;
            _map = kernel.Map;
            _rules = new PageRules(kernel.Layout, level);
            _pageStructSize = kernel.Layout.Size;
            _buffer = new NativeBuffer(PagesAtOnce * kernel.Layout.Size);
            _freeLists = freeLists;
        }
    }

    /// <summary>Pages whose <c>struct page</c> could not be read.</summary>
    internal ulong UnreadablePages { get; private set; }

    /// <summary>Pages whose <c>struct page</c> contradicts itself.</summary>
    internal ulong DamagedPages { get; private set; }

    /// <summary>Lists of free pages that broke off; see <see cref="FreeLists"/>.</summary>
    internal ulong DamagedLists => _freeLists?.DamagedLists ?? 0;

    /// <summary>
    /// A classifier; one that keeps everything when VMCOREINFO does not allow more, and notices saying so.
    /// </summary>
    internal static PageClassifier Create(
        IPhysicalMemory memory, Vmcoreinfo info, DumpLevel level, List<Diagnostic> notices,
        Func<IKernelLayouts?>? openLayouts = null)
    {
        if ((level & ~DumpLevel.Zero) == DumpLevel.None)
        {
            return new PageClassifier(memory, level);
        }

        AddressSpace space;
        try
        {
            space = AddressSpace.OpenKernel(memory, info);
        }
        catch (DumpFormatException e)
        {
            notices.AddRange(e.Diagnostics);
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.ClassKept, "no class of pages can be told apart: all are kept"));
            return new PageClassifier(memory, level);
        }

        var keys = new PageKeys(info, openLayouts);
        if (PageLayout.Read(keys, level, notices) is not { } layout
            || MemoryMap.Open(space, keys, layout.Size, notices) is not { } map)
        {
            return new PageClassifier(memory, level);
        }

        FreeLists? freeLists = level.HasFlag(DumpLevel.Free) && !layout.TellsFree
            ? FreeLists.Open(space, map, keys, layout.Size, notices) : null;
        return new PageClassifier(memory, level, new Kernel(space, map, keys, layout), freeLists);
    }

    /// <summary>A classifier for what is written of a dump.</summary>
    internal static PageClassifier Create(DumpSource source, DumpWriteOptions options, List<Diagnostic> notices) =>
        Create(source, source.Vmcoreinfo, options.Level, notices, () => options.Layouts?.Invoke(source));

    /// <summary>
    /// One that decides the same for another thread, which reads <paramref name="share"/>; null when one thread has to
    /// do it all.
    /// </summary>
    internal PageClassifier? TryShare(DumpSource share)
    {
        if (_kernel is null)
        {
            return new PageClassifier(share, _level);
        }

        // Free lists are followed for the whole machine: once is enough.
        if (_freeLists is not null)
        {
            return null;
        }

        var space = AddressSpace.OpenKernel(share, _kernel.Keys.Info);
        var map = MemoryMap.Open(space, _kernel.Keys, _pageStructSize, notices: []);
        return map is null ? null : new PageClassifier(share, _level, _kernel with { Space = space, Map = map });
    }

    /// <summary>Counts what another one found as found by this.</summary>
    internal void AddCounts(PageClassifier other)
    {
        UnreadablePages += other.UnreadablePages;
        DamagedPages += other.DamagedPages;
    }

    /// <summary>Decides for the pages from <paramref name="start"/> on; calls must go upwards.</summary>
    internal void Classify(ulong start, Span<PageClass> classes)
    {
        classes.Clear();
        int done = ApplyPending(start, classes);
        while (done < classes.Length && _map is not null)
        {
            ulong pfn = start + (ulong)done;
            ulong chunkEnd = Math.Min((pfn / PagesAtOnce * PagesAtOnce) + PagesAtOnce, start + (ulong)classes.Length);
            int count = (int)(chunkEnd - pfn);
            ClassifyChunk(pfn, classes.Slice(done, count));
            done += count;
            if (_pendingEnd > chunkEnd)
            {
                done += ApplyPending(chunkEnd, classes[done..]);
            }
        }

        _freeLists?.Mark(start, classes);
    }

    public void Dispose()
    {
        _buffer?.Dispose();
        _freeLists?.Dispose();
    }

    private int ApplyPending(ulong start, Span<PageClass> classes)
    {
        if (_pendingEnd <= start)
        {
            return 0;
        }

        int count = (int)Math.Min(_pendingEnd - start, (ulong)classes.Length);
        classes[..count].Fill(_pendingClass);
        return count;
    }

    private void ClassifyChunk(ulong pfn, Span<PageClass> classes)
    {
        if (!_map!.TryFind(pfn, out VirtualAddress address, out MemoryFault fault))
        {
            UnreadablePages += fault == MemoryFault.None ? 0 : (ulong)classes.Length;
            return;
        }

        int done = 0;
        while (done < classes.Length)
        {
            int wantedLength = (classes.Length - done) * _pageStructSize;
            VirtualAddress from = address + new ByteCount((ulong)done * (ulong)_pageStructSize);
            ReadOnlySpan<byte> mapped = View(from, wantedLength);
            if (!mapped.IsEmpty)
            {
                done += ClassifyRead(pfn + (ulong)done, mapped, classes[done..]);
                continue;
            }

            // Only whole structures are looked at; after a hole the next page of the map may be there again.
            Span<byte> wanted = _buffer!.Span[..wantedLength];
            int read = _space!.Read(from, wanted, out _) / _pageStructSize;
            done += ClassifyRead(pfn + (ulong)done, wanted[..(read * _pageStructSize)], classes[done..]);
            if (done < classes.Length && read * _pageStructSize < wanted.Length)
            {
                int skipped = Math.Min(SkipHole(address, done), classes.Length - done);
                UnreadablePages += (ulong)skipped;
                done += skipped;
            }
        }
    }

    /// <summary>Whole structures where they lie in the mapped dump; none when they have to be read.</summary>
    private ReadOnlySpan<byte> View(VirtualAddress from, int length)
    {
        if (_mapped is null
            || !_space!.TryTranslate(from, out PhysicalAddress physical, out ByteCount contiguous, out _))
        {
            return default;
        }

        ReadOnlySpan<byte> view = _mapped.View(physical, (int)Math.Min((ulong)length, contiguous.Value));
        int whole = view.Length / _pageStructSize;

        // A block's first page is told by the one after it as well: the last of a view that ends early stays out.
        return view[..(Math.Max(0, view.Length < length ? whole - 1 : whole) * _pageStructSize)];
    }

    private int SkipHole(VirtualAddress address, int index)
    {
        ulong position = unchecked(address.Value + ((ulong)index * (ulong)_pageStructSize));
        ulong left = Pfn.PageSize - (position % Pfn.PageSize);
        return Math.Max(1, (int)((left + (ulong)_pageStructSize - 1) / (ulong)_pageStructSize));
    }

    /// <summary>
    /// Goes over what was read; returns how many pages are decided, more than were read when a block reaches on.
    /// </summary>
    private int ClassifyRead(ulong pfn, ReadOnlySpan<byte> pages, Span<PageClass> classes)
    {
        int size = _pageStructSize;
        int count = pages.Length / size;
        int i = 0;
        while (i < count)
        {
            ReadOnlySpan<byte> page = pages.Slice(i * size, size);
            ReadOnlySpan<byte> next = i + 1 < count ? pages.Slice((i + 1) * size, size) : default;
            PageClass found = _rules!.Classify(page, next, pfn + (ulong)i, out int order, out bool isDamaged);
            DamagedPages += isDamaged ? 1UL : 0;
            if (found == PageClass.Kernel)
            {
                i++;
                continue;
            }

            ulong blockEnd = pfn + (ulong)i + (1UL << order);
            int within = (int)Math.Min(1UL << order, (ulong)(classes.Length - i));
            classes.Slice(i, within).Fill(found);
            i += within;
            if (blockEnd > pfn + (ulong)classes.Length)
            {
                _pendingEnd = Math.Min(blockEnd, (pfn / SpanPages * SpanPages) + SpanPages);
                _pendingClass = found;
            }
        }

        return i;
    }

    /// <summary>What was found of the kernel: all of it, or no class can be told.</summary>
    private sealed record Kernel(AddressSpace Space, MemoryMap Map, PageKeys Keys, PageLayout Layout);
}
